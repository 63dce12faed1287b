import Contracts
import FoundationEssentials
import Kernel
import Orders
import Shopify
import Testing

/// An order as its jobs feed it: every order and repetition of the same events ends in the same order.
@Suite struct OrderConvergenceTests {
    /// What the `note-*` jobs and the intake bring.
    enum Event: Hashable, Sendable {
        case printCreated
        case print(Int, attempt: Int, Order.PrintFact.Outcome)
        case shipment
        case fulfilled
        case payload(Int)
        case deleted
    }

    static let printJobs: [PrintJobID] = (0..<3).map { _ in OrderSamples.identities.make() }
    static let now = OrderSamples.start

    /// Two lines, three copies: the first line wants two of its part.
    static let base: Order = {
        var order = OrderSamples.order(lines: [OrderSamples.line(quantity: 2), OrderSamples.line(id: 12)])
        _ = order.settle(since: nil, now: now)
        return order
    }()

    static func copy(_ print: Int) -> Order.PrintFact.Copy {
        .init(
            lineItemID: base.lines[print == 2 ? 1 : 0].id,
            key: .init(partNumber: 1, copyNumber: print == 2 ? 1 : print + 1))
    }

    /// As `OrderJobs` and `OrderIntake` do it, without their rows.
    static func end(of events: [Event], from start: Order = base) -> Order {
        var order = start
        for event in events {
            let before = order
            switch event {
            case .printCreated: order.productionStartedAt = order.productionStartedAt ?? now
            case .print(let print, let attempt, let outcome):
                let copy = [.printed, .bad].contains(outcome) ? copy(print) : nil
                order.note(.init(attempt: attempt, outcome: outcome, copy: copy), of: printJobs[print])
                if outcome == .printed { order.productionStartedAt = order.productionStartedAt ?? now }
            case .shipment: order.shippedAt = order.shippedAt ?? now
            case .fulfilled: order.fulfilledAt = order.fulfilledAt ?? now
            case .payload(let number):
                let (payload, revision) = payloads[number]
                guard
                    let newer = Order.after(
                        payload, revision: revision, known: order, fresh: order, deletedAt: nil,
                        identities: OrderSamples.identities)
                else { continue }
                order = newer
            case .deleted: order.cancel(at: now)
            }
            guard order != before else { continue }
            _ = order.settle(since: before, now: now)
        }
        return comparable(order)
    }

    /// Counters of changes tell how it went, not where it ended.
    static func comparable(_ order: Order) -> Order {
        var order = order
        order.productionVersion = 1
        return order
    }

    /// Of the same second: pending, paid, an edit; later a raised quantity, a refund of the raise, a cancellation.
    static let payloads: [(ShopifyOrderPayload, Order.Revision)] = {
        func make(
            _ minute: Int, _ financial: String, quantity: Int, cancelled: Bool = false, triggered: Double
        ) -> (ShopifyOrderPayload, Order.Revision)? {
            let at = "2026-11-20T14:0\(minute):00Z"
            let lines = (11...12).map { id in
                "{\"id\":\(id),\"name\":\"Bracket\",\"quantity\":\(quantity),\"current_quantity\":\(id == 11 ? quantity : 1)}"
            }
            let body =
                "{\"id\":1001,\"name\":\"#1001\",\"updated_at\":\"\(at)\",\"financial_status\":\"\(financial)\","
                + (cancelled ? "\"cancelled_at\":\"\(at)\"," : "")
                + "\"line_items\":[\(lines.joined(separator: ","))]}"
            guard let payload = try? ShopifyOrderPayload.decode(Array(body.utf8)) else { return nil }
            return (
                payload,
                Order.revision(
                    of: payload, receivedAt: now, triggeredAt: now.addingTimeInterval(triggered),
                    body: Array(body.utf8))
            )
        }
        return [
            make(0, "pending", quantity: 2, triggered: 0), make(0, "paid", quantity: 2, triggered: 0.2),
            make(0, "paid", quantity: 1, triggered: 0.4), make(0, "paid", quantity: 3, triggered: 0.4),
            make(1, "paid", quantity: 3, triggered: 60), make(2, "partially_refunded", quantity: 2, triggered: 120),
            make(3, "refunded", quantity: 2, cancelled: true, triggered: 180),
        ].compactMap { $0 }
    }()

    /// Sets that happen, each small enough for every order of it.
    static let sets: [[Event]] = [
        [
            .printCreated, .print(0, attempt: 1, .printed), .print(1, attempt: 1, .printed),
            .print(2, attempt: 1, .printed),
        ],
        // A failure that is heard of after its reprint is done.
        [
            .print(0, attempt: 1, .failed), .print(0, attempt: 2, .wanted), .print(0, attempt: 2, .printed),
            .print(1, attempt: 1, .printed), .print(2, attempt: 1, .printed),
        ],
        // Failed twice.
        [
            .print(0, attempt: 1, .failed), .print(0, attempt: 2, .wanted), .print(0, attempt: 2, .failed),
            .print(0, attempt: 3, .wanted), .print(0, attempt: 3, .printed),
        ],
        // Withdrawn, yet printed.
        [.print(0, attempt: 1, .cancelled), .print(0, attempt: 1, .printed), .print(0, attempt: 1, .failed)],
        // Bad, and printed again.
        [
            .print(2, attempt: 1, .printed), .print(2, attempt: 1, .bad), .print(2, attempt: 2, .wanted),
            .print(2, attempt: 2, .printed), .shipment,
        ],
        [.print(0, attempt: 1, .printed), .payload(4), .payload(5), .shipment, .fulfilled],
        [.payload(0), .payload(1), .payload(2), .payload(3), .print(0, attempt: 1, .printed)],
        [.payload(1), .payload(6), .deleted, .print(0, attempt: 1, .printed), .shipment],
    ]

    @Test func everyPayloadOfTheSamplesCanBeRead() {
        #expect(Self.payloads.count == 7)
        #expect(Self.base.status == .mapped)
    }

    @Test(arguments: sets.indices)
    func everyOrderOfASmallSetEndsAlike(index: Int) {
        let set = Self.sets[index]
        let expected = Self.end(of: set)
        for order in Shuffles.every(set.count) {
            let end = Self.end(of: order.map { set[$0] })
            if end != expected {
                Issue.record("\(order.map { set[$0] }) gives \(end), not \(expected)")
                return
            }
        }
    }

    @Test(arguments: [UInt64](1...30))
    func randomOrdersOfALargeSetEndAlike(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var events: [Event] = [.printCreated, .shipment, .fulfilled] + Self.payloads.indices.map { .payload($0) }
        if Bool.random(using: &generator) { events.append(.deleted) }
        for print in 0..<3 {
            for attempt in 1...Int.random(in: 1...3, using: &generator) {
                events += Order.PrintFact.Outcome.allCases.filter { _ in Bool.random(using: &generator) }
                    .map { .print(print, attempt: attempt, $0) }
            }
        }
        let expected = Self.end(of: events)
        for _ in 0..<25 {
            let order = Shuffles.random(events.count, timesMaximum: 3, using: &generator)
            #expect(Self.end(of: order.map { events[$0] }) == expected, "seed \(seed)")
        }
    }

    /// Joined in any grouping, any order, any number of times: a least upper bound.
    @Test func factsJoin() {
        let facts = (1...2).flatMap { attempt in
            Order.PrintFact.Outcome.allCases.map { Order.PrintFact(attempt: attempt, outcome: $0) }
        }
        for first in facts {
            #expect(first.joined(with: first) == first)
            for second in facts {
                #expect(first.joined(with: second) == second.joined(with: first))
                for third in facts {
                    #expect(
                        first.joined(with: second).joined(with: third)
                            == first.joined(with: second.joined(with: third)))
                }
            }
        }
    }

    @Test func aBadPartTakesReadinessBackUnlessTheParcelIsMade() {
        let printed: [Event] = (0..<3).map { .print($0, attempt: 1, .printed) }
        let ready = Self.end(of: printed)
        #expect(ready.readyAt != nil && ready.status == .printed)
        let bad = Self.end(of: printed + [.print(1, attempt: 1, .bad)])
        #expect(bad.readyAt == nil && bad.status == .partiallyPrinted)
        let again = Self.end(of: printed + [.print(1, attempt: 1, .bad), .print(1, attempt: 2, .printed)])
        #expect(again.readyAt != nil && again.status == .printed)
        let late = Self.end(of: printed + [.shipment, .print(1, attempt: 1, .bad)])
        #expect(late.readyAt != nil && late.status == .shipped)
        #expect(late.attention?.code == "part-bad-after-parcel")
        // The set is replayed: nothing changes by hearing it all again.
        #expect(Self.end(of: printed + [.print(1, attempt: 1, .bad)] + printed) == bad)
    }
}
