import Contracts
import FoundationEssentials
import Jobs
import Kernel
import Orders
import Postgres
import Shipping
import Fulfilment
import TestKit
import Testing

/// What the `note-*` jobs leave in the tables, in whatever order they run.
@Suite(.timeLimit(.minutes(5))) struct PrintFactTests {
    private func order(_ shop: IntakeShop) async throws -> Order {
        try await shop.deliver("orders/create", OrderBody.order([:]))
        let view = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
        return try #require(try await OrderReading.order(view.id, in: shop.database))
    }

    private func completed(_ order: Order, _ printJob: PrintJobID, copy: Int, attempt: Int) throws -> String {
        try JSON.text(
            PrintJobCompleted(
                orderID: order.id, printJobID: printJob, lineItemID: order.lines[0].id, partNumber: 1,
                copyNumber: copy, attempt: attempt))
    }

    @Test func aFailureHeardOfAfterItsReprintIsHistory() async throws {
        try await withShop { shop in
            let order = try await order(shop)
            let printJob: PrintJobID = Identities.system.make()
            let failed = try JSON.text(PrintJobFailed(orderID: order.id, printJobID: printJob, attempt: 1))
            try await shop.run("orders.note-print-completed", payload: completed(order, printJob, copy: 1, attempt: 2))
            try await shop.run("orders.note-print-failed", payload: failed)
            #expect(try await shop.orders.contract.order(order.id)?.status == .partiallyPrinted)
            // As the previous binary writes it: without an attempt.
            let old = "{\"orderID\":\"\(order.id)\",\"printJobID\":\"\(printJob)\"}"
            try await shop.run("orders.note-print-failed", payload: old)
            #expect(try await shop.orders.contract.order(order.id)?.status == .partiallyPrinted)
            let again = try JSON.text(PrintJobFailed(orderID: order.id, printJobID: printJob, attempt: 3))
            try await shop.run("orders.note-print-failed", payload: again)
            #expect(try await shop.orders.contract.order(order.id)?.status == .failed)
        }
    }

    @Test func aBadPartLeavesTheSetAndComesBack() async throws {
        try await withShop { shop in
            let order = try await order(shop)
            let prints: [PrintJobID] = (0..<2).map { _ in Identities.system.make() }
            for (index, print) in prints.enumerated() {
                try await shop.run(
                    "orders.note-print-completed", payload: completed(order, print, copy: index + 1, attempt: 1))
            }
            #expect(try await shop.orders.contract.fulfilment(of: order.id)?.isReady == true)
            let bad = try JSON.text(
                PrintJobMarkedBad(
                    orderID: order.id, printJobID: prints[0], lineItemID: order.lines[0].id, partNumber: 1,
                    copyNumber: 1, attempt: 1))
            for _ in 0..<2 { try await shop.run("orders.note-print-marked-bad", payload: bad) }
            #expect(try await shop.orders.contract.fulfilment(of: order.id)?.isReady == false)
            // A replay of what was finished before brings nothing back.
            try await shop.run("orders.note-print-completed", payload: completed(order, prints[0], copy: 1, attempt: 1))
            #expect(try await shop.orders.contract.fulfilment(of: order.id)?.isReady == false)
            try await shop.run("orders.note-print-completed", payload: completed(order, prints[0], copy: 1, attempt: 2))
            #expect(try await shop.orders.contract.fulfilment(of: order.id)?.isReady == true)
            let rows = try await shop.database.query("SELECT count(*) AS count FROM orders.finished_part")
            #expect(try rows[0]("count") as Int == 2)
        }
    }

    /// The previous binary knows no facts, only the sets.
    @Test func whatThePreviousBinaryWroteCountsAsAFirstAttempt() async throws {
        try await withShop { shop in
            let order = try await order(shop)
            let printJob: PrintJobID = Identities.system.make()
            try await shop.database.execute(
                """
                INSERT INTO orders.finished_part (line_item_id, part_number, copy_number, print_job_id)
                VALUES (\(order.lines[0].id), 1, 1, \(printJob))
                """)
            let failed = try JSON.text(PrintJobFailed(orderID: order.id, printJobID: printJob, attempt: 1))
            try await shop.run("orders.note-print-failed", payload: failed)
            #expect(try await shop.orders.contract.order(order.id)?.attention == nil)
        }
    }

    @Test func aDeletionThatOvertakesItsOrderCancelsIt() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/delete", Array(#"{"id":6198424240428}"#.utf8))
            #expect(try await shop.orders.contract.orders(OrderSearch()).isEmpty)
            try await shop.deliver("orders/create", OrderBody.order([:]))
            #expect(try await shop.orders.contract.orders(OrderSearch()).first?.status == .cancelled)
        }
    }

    @Test func aStaleWriterOfAnOrderIsRefused() async throws {
        try await withShop { shop in
            let stale = try await order(shop)
            try await shop.deliver("orders/updated", OrderBody.order(["updated_at": "2026-11-20T15:00:00+01:00"]))
            await #expect(throws: StaleWrite.self) {
                try await shop.database.transaction { transaction in
                    var order = stale
                    try await OrderStorage.save(&order, since: stale, raw: nil, in: transaction)
                }
            }
        }
    }

    @Test func staleWritersOfShipmentsAndFulfilmentsAreRefused() async throws {
        try await withDatabase { database in
            let id: OrderID = Identities.system.make()
            let shipment = Shipment(id: Identities.system.make(), orderID: id, weightGrams: 10)
            let fulfilment = Fulfilment(id: Identities.system.make(), orderID: id, locationID: 1)
            try await database.transaction { transaction in
                var (first, _) = try await ShipmentStorage.lockOrInsert(shipment, in: transaction)
                try await ShipmentStorage.save(&first, in: transaction)
                _ = try await FulfilmentStorage.lockPlan(of: id, orderNumber: "#1", in: transaction)
                try await FulfilmentStorage.insert(fulfilment, in: transaction)
                var second = fulfilment
                try await FulfilmentStorage.save(&second, in: transaction)
            }
            await #expect(throws: StaleWrite.self) {
                try await database.transaction { transaction in
                    var stale = shipment
                    try await ShipmentStorage.save(&stale, in: transaction)
                }
            }
            await #expect(throws: StaleWrite.self) {
                try await database.transaction { transaction in
                    var stale = fulfilment
                    try await FulfilmentStorage.save(&stale, in: transaction)
                }
            }
        }
    }
}
