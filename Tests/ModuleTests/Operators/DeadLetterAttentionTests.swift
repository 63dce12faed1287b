import Contracts
import Jobs
import Kernel
import Logging
import Operators
import Postgres
import TestKit
import Testing

/// A step that gave up without a word in its room still asks for an operator.
@Suite struct DeadLetterAttentionTests {
    private func pages(_ rooms: QuietRooms, _ database: Database) -> OrderPages {
        OrderPages(
            orders: rooms, printing: rooms, shipping: rooms, fulfilment: rooms,
            effects: Effects(
                database: database, settings: JobSettings(), vendorLagSeconds: 0, logger: Logger(label: "test")),
            deadLetters: DeadLetters(database: database, outbox: Outbox(wakeUps: WakeUps())),
            eventLog: EventLog(database: database), database: database)
    }

    private func bury(_ kind: String, _ reason: String, about order: OrderView, in database: Database) async throws {
        try await database.execute(
            """
            INSERT INTO jobs.job (kind, state, subject, correlation_id, payload, last_error, finished_at)
            VALUES (\(kind), 'dead', \(order.id), 'c', '{}', \(reason), clock_timestamp())
            """)
    }

    @Test(arguments: [OrderStatus.received, .closed, .cancelled])
    func aDeadLetterIsTheOrdersAttentionUntilItIsRetried(status: OrderStatus) async throws {
        try await withDatabase { database in
            let order = OrderView.sample(status)
            let other = OrderView.sample(status)
            let pages = pages(QuietRooms(known: [order, other]), database)
            try await bury("printing.plan", "A stored row could not be read.", about: order, in: database)
            try await bury("shipping.plan", "Later.", about: order, in: database)
            let attention = try #require(try await pages.page(of: order.id).attention)
            #expect(attention.code == "step-gave-up")
            #expect(attention.reason == "printing.plan: A stored row could not be read.")
            #expect(attention.action.contains("/api/v1/orders/\(order.id)/retry"))
            let list = try await pages.pages(OrderSearch())
            #expect(list.map { $0.attention?.code } == ["step-gave-up", nil])
            #expect(try await pages.retry(order.id) == 2)
            #expect(try await pages.page(of: order.id).attention == nil)
        }
    }

    @Test func whatARoomSaysItselfComesFirst() async throws {
        try await withDatabase { database in
            let order = OrderView.sample(.received)
            let said = Attention(
                code: "no-fulfilment-order", reason: "r", since: OrderSamples.start, action: "Do something.")
            let pages = pages(QuietRooms(known: [order], planProblems: [order.id: said]), database)
            try await bury("fulfilment.plan", "gone", about: order, in: database)
            #expect(try await pages.page(of: order.id).attention == said)
        }
    }
}
