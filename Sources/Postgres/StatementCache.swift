/// Which statements one connection has prepared, by their text: a bounded cache, least recently used out first.
///
/// A text is prepared when it comes a second time: what is asked once (scripts, set-up) stays out and costs one round
/// trip instead of two.
struct StatementCache {
    enum Plan: Hashable {
        /// Send the text itself.
        case unprepared
        /// Prepare it under this name, then run it; `evicting` is deallocated first.
        case prepare(name: String, evicting: String?)
        /// Run what has this name.
        case prepared(name: String)
    }

    /// Longer texts are never kept: they are generated, and nothing says they come again.
    static let textLengthMaximum = 16 * 1024

    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var seenOnce: Set<String> = []
    private var uses: UInt64 = 0
    private var names = 0

    /// - Parameter capacity: 0 prepares nothing (a transaction pooler in between).
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// What to do with the text. After `.prepare` succeeded, call `keep`.
    mutating func plan(for text: String) -> Plan {
        guard capacity > 0, text.utf8.count <= Self.textLengthMaximum else { return .unprepared }
        uses += 1
        if let name = entries[text]?.name {
            entries[text]?.lastUse = uses
            return .prepared(name: name)
        }
        guard seenOnce.remove(text) != nil else {
            if seenOnce.count >= capacity { seenOnce.removeAll(keepingCapacity: true) }
            seenOnce.insert(text)
            return .unprepared
        }
        names += 1
        return .prepare(name: "f\(names)", evicting: entries.count >= capacity ? evict() : nil)
    }

    mutating func keep(_ text: String, name: String) {
        entries[text] = Entry(name: name, lastUse: uses)
    }

    /// The server no longer has it, or its plan is stale; gives the name to deallocate.
    @discardableResult
    mutating func forget(_ text: String) -> String? {
        entries.removeValue(forKey: text)?.name
    }

    private mutating func evict() -> String? {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return nil }
        return forget(oldest.key)
    }
}
