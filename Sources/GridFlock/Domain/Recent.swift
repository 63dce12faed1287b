/// A dictionary of what was heard of lately, of a bounded weight and at a constant cost: what is new or used goes into
/// the young half; when that is full it becomes the old half, and what was not used since is forgotten with the old one.
package struct Recent<Key: Hashable, Value> {
    fileprivate struct Entry {
        let value: Value
        let weight: Int
    }

    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]
    private var youngWeight = 0
    private var oldWeight = 0
    private let half: Int

    /// - Parameter countMaximum: at least half as many are remembered; where entries have weights, of their sum.
    package init(countMaximum: Int) {
        half = max(countMaximum / 2, 1)
    }

    package var count: Int { young.count + old.count }
    package var weight: Int { youngWeight + oldWeight }

    /// Without using it.
    package func peek(_ key: Key) -> Value? { (young[key] ?? old[key])?.value }

    package mutating func use(_ key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old[key] else { return nil }
        set(key, entry.value, weight: entry.weight)
        return entry.value
    }

    /// What weighs more than a half by itself is not remembered.
    package mutating func set(_ key: Key, _ value: Value, weight: Int = 1) {
        if let before = old.removeValue(forKey: key) { oldWeight -= before.weight }
        if let before = young.removeValue(forKey: key) { youngWeight -= before.weight }
        guard weight <= half else { return }
        if youngWeight + weight > half {
            (old, oldWeight) = (young, youngWeight)
            (young, youngWeight) = ([:], 0)
        }
        young[key] = Entry(value: value, weight: weight)
        youngWeight += weight
    }
}

extension Recent.Entry: Sendable where Key: Sendable, Value: Sendable {}
extension Recent: Sendable where Key: Sendable, Value: Sendable {}
