/// Numbers keys from 0 in the order in which they first come. Open addressing over plain arrays: millions of points and
/// edges pass through it, and the numbers do not depend on a hash seed.
struct KeyTable {
    private(set) var keys: [UInt64] = []
    private var slots: [Int32]
    private var shift: UInt64

    init(expecting count: Int) {
        var bits = 4
        while 1 << bits < count * 2 { bits += 1 }
        slots = [Int32](repeating: -1, count: 1 << bits)
        shift = UInt64(64 - bits)
        keys.reserveCapacity(count)
    }

    var count: Int { keys.count }

    /// The number of the key, a new one when it has none.
    mutating func number(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while true {
            let number = Int(slots[slot])
            if number < 0 { break }
            if keys[number] == key { return number }
            slot = (slot &+ 1) & mask
        }
        let number = keys.count
        slots[slot] = Int32(truncatingIfNeeded: number)
        keys.append(key)
        if number * 2 > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        let count = slots.count * 2
        slots = [Int32](repeating: -1, count: count)
        shift -= 1
        for (number, key) in keys.enumerated() {
            var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
            while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = Int32(truncatingIfNeeded: number)
        }
    }
}
