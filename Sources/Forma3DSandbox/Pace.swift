import FoundationEssentials

/// How fast the vendors' own things happen: nominal seconds divided by the factor.
struct Pace: Hashable, Sendable {
    static let factorRange = 0.01...1_000_000.0
    /// From here on the farm is given more printers, so that it is not the queue that takes the time.
    static let nearlyInstantFactor = 10_000.0

    var factor: Double

    init(_ factor: Double = 1) {
        self.factor = min(max(factor, Self.factorRange.lowerBound), Self.factorRange.upperBound)
    }

    func date(_ nominalSeconds: Double, after date: Date) -> Date {
        date.addingTimeInterval(nominalSeconds / factor)
    }

    func seconds(_ nominalSeconds: Double) -> Double { nominalSeconds / factor }
}

/// Things that will happen by themselves, earliest first.
struct Agenda<Event: Sendable>: Sendable {
    private var entries: [(due: Date, event: Event)] = []

    var nextDue: Date? { entries.first?.due }

    mutating func add(_ event: Event, at due: Date) {
        let index = entries.firstIndex { $0.due > due } ?? entries.endIndex
        entries.insert((due, event), at: index)
    }

    /// The earliest event that is due; entries of equal time keep their order.
    mutating func popDue(at now: Date) -> (due: Date, event: Event)? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.removeFirst()
        return first
    }

    mutating func removeAll(where matches: (Event) -> Bool) {
        entries.removeAll { matches($0.event) }
    }
}
