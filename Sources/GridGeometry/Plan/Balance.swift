/// How even parts are: the largest size less the smallest, in the unit of the sizes (lengths along a seam, areas of a
/// plate's parts). The last thing that decides between two ways to divide a plate.
struct Balance: Hashable, Comparable {
    let largest: Int
    let smallest: Int

    var spread: Int { largest - smallest }

    init(_ sizes: some Sequence<Int>) {
        var (largest, smallest) = (Int.min, Int.max)
        for size in sizes {
            largest = max(largest, size)
            smallest = min(smallest, size)
        }
        (self.largest, self.smallest) = largest < smallest ? (0, 0) : (largest, smallest)
    }

    /// Less is more even.
    static func < (left: Balance, right: Balance) -> Bool { left.spread < right.spread }
    static func == (left: Balance, right: Balance) -> Bool { left.spread == right.spread }
    func hash(into hasher: inout Hasher) { hasher.combine(spread) }
}
