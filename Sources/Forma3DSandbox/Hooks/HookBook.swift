import FoundationEssentials

/// All webhooks of all vendors: due ones come out, outcomes go in. A pure value.
struct HookBook: Sendable {
    /// So many go out at once; a vendor does not wait for one receiver before it sends the next.
    static let inFlightMaximum = 32
    /// Finished deliveries that are still shown.
    static let finishedMaximum = 5_000

    private var deliveries: [Int64: HookDelivery] = [:]
    private var finished: [Int64] = []
    private var agenda = Agenda<Int64>()
    private var inFlight = 0
    private var counter: Int64 = 0

    var nextDue: Date? { inFlight < Self.inFlightMaximum ? agenda.nextDue : nil }

    mutating func add(_ make: (_ id: Int64) -> HookDelivery) {
        counter += 1
        let delivery = make(counter)
        deliveries[counter] = delivery
        if delivery.state == .waiting { agenda.add(counter, at: delivery.dueAt) } else { close(counter) }
    }

    mutating func takeDue(at now: Date) -> [HookDelivery] {
        var due: [HookDelivery] = []
        while inFlight < Self.inFlightMaximum, let (_, id) = agenda.popDue(at: now) {
            deliveries[id]?.state = .sending
            inFlight += 1
            if let delivery = deliveries[id] { due.append(delivery) }
        }
        return due
    }

    /// - Returns: the delivery when it is over, given up or delivered.
    mutating func note(_ id: Int64, _ attempt: HookDelivery.Attempt, pace: Pace, at now: Date) -> HookDelivery? {
        inFlight -= 1
        guard var delivery = deliveries[id] else { return nil }
        delivery.attempts.append(attempt)
        let succeeded = attempt.status.map { (200..<300).contains($0) } ?? false
        if !succeeded, let wait = delivery.rule.waitSeconds(afterAttempts: delivery.attempts.count, pace: pace) {
            delivery.state = .waiting
            delivery.dueAt = now.addingTimeInterval(wait)
            deliveries[id] = delivery
            agenda.add(id, at: delivery.dueAt)
            return nil
        }
        delivery.state = succeeded ? .delivered : .givenUp
        deliveries[id] = delivery
        close(id)
        return delivery
    }

    private mutating func close(_ id: Int64) {
        finished.append(id)
        if finished.count > Self.finishedMaximum {
            let surplus = finished.count - Self.finishedMaximum
            for old in finished.prefix(surplus) { deliveries[old] = nil }
            finished.removeFirst(surplus)
        }
    }

    var nodes: [JSONNode] { deliveries.values.sorted { $0.id < $1.id }.map(\.node) }
}
