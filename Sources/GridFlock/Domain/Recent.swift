/// A dictionary of what was heard of lately, of a bounded size and at a constant cost: what is new or used goes into the
/// young half; when that is full it becomes the old half, and what was not used since is forgotten with the old one.
package struct Recent<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let half: Int

    /// - Parameter countMaximum: at least half as many are remembered.
    package init(countMaximum: Int) {
        half = max(countMaximum / 2, 1)
    }

    package var count: Int { young.count + old.count }

    /// Without using it.
    package func peek(_ key: Key) -> Value? { young[key] ?? old[key] }

    package mutating func use(_ key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old[key] else { return nil }
        set(key, value)
        return value
    }

    package mutating func set(_ key: Key, _ value: Value) {
        old[key] = nil
        if young[key] == nil, young.count >= half {
            old = young
            young = [:]
        }
        young[key] = value
    }
}

extension Recent: Sendable where Key: Sendable, Value: Sendable {}
