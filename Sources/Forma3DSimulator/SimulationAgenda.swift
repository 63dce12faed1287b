/// What will happen, earliest first; what happens at the same time comes in the order in which it was decided.
struct SimulationAgenda<Happening> {
    private struct Entry {
        let at: Double
        let number: Int
        let happening: Happening

        func isBefore(_ other: Entry) -> Bool { (at, number) < (other.at, other.number) }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var count = 0

    mutating func add(_ happening: Happening, at: Double) {
        entries.append(Entry(at: at, number: count, happening: happening))
        count += 1
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].isBefore(entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> (at: Double, happening: Happening)? {
        guard let first = entries.first else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(entries[parent]) else { break }
            entries.swapAt(child, parent)
            parent = child
        }
        return (first.at, first.happening)
    }
}
