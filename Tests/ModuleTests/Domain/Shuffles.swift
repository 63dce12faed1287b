/// A generator whose seed a failing test can print: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}

/// The orders in which a set of events may come, each event once or more often.
enum Shuffles {
    /// Every order of few events, and each with every event told a second time: at once, and after all others.
    static func every(_ count: Int) -> [[Int]] {
        (0..<count).map { $0 }.permutations.flatMap { order in
            [order, order.flatMap { [$0, $0] }, order + order, order + order.reversed()]
        }
    }

    /// One random order in which each event comes up to `timesMaximum` times.
    static func random(_ count: Int, timesMaximum: Int, using generator: inout SeededGenerator) -> [Int] {
        (0..<count).flatMap { index in
            Array(repeating: index, count: Int.random(in: 1...timesMaximum, using: &generator))
        }.shuffled(using: &generator)
    }

    /// Every subset of so many indices.
    static func subsets(of count: Int) -> [[Int]] {
        (0..<(1 << count)).map { mask in (0..<count).filter { mask & (1 << $0) != 0 } }
    }
}
