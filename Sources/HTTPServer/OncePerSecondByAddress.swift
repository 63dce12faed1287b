/// Lets one log line a second through for each address, so that a flood of bad input cannot flood the log.
///
/// The table is bounded: when it is full of addresses heard of within the last second, newcomers share one line.
struct OncePerSecondByAddress {
    private struct Entry {
        var lastNanoseconds: Int64
        var unsaid: Int
    }

    private static let second: Int64 = 1_000_000_000
    private static let everybodyElse = ""

    private let addressesMaximum: Int
    private var entries: [String: Entry] = [:]

    init(addressesMaximum: Int = 1_024) {
        self.addressesMaximum = addressesMaximum
    }

    /// - Returns: how many lines of that address were kept back since its last one; nil when this one is, too.
    mutating func admit(_ address: String, nowNanoseconds now: Int64) -> Int? {
        let key = entries[address] != nil || makeRoom(now) ? address : Self.everybodyElse
        guard var entry = entries[key] else {
            entries[key] = Entry(lastNanoseconds: now, unsaid: 0)
            return 0
        }
        defer { entries[key] = entry }
        guard now - entry.lastNanoseconds >= Self.second else {
            entry.unsaid += 1
            return nil
        }
        let unsaid = entry.unsaid
        entry = Entry(lastNanoseconds: now, unsaid: 0)
        return unsaid
    }

    /// - Returns: whether there is room for one more address.
    private mutating func makeRoom(_ now: Int64) -> Bool {
        if entries.count < addressesMaximum { return true }
        entries = entries.filter { now - $0.value.lastNanoseconds < Self.second }
        return entries.count < addressesMaximum
    }
}
