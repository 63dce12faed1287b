package import Contracts
package import Jobs
import Kernel
package import Postgres

/// What other rooms' events change about an order.
package struct OrderJobs: Sendable {
    private let database: Database
    private let outbox: Outbox
    private let desk: OrderDesk
    private let catalog: any CatalogContract

    package init(database: Database, outbox: Outbox, desk: OrderDesk, catalog: any CatalogContract) {
        self.database = database
        self.outbox = outbox
        self.desk = desk
        self.catalog = catalog
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration("orders.note-print-created") { job in
                let event = try job.decode(PrintJobCreated.self)
                // Only an order's first print says something new, and it has many.
                if try await OrderReading.hasStarted(event.orderID, in: database) { return nil }
                return desk.change(event.orderID) { order, now in
                    order.productionStartedAt = order.productionStartedAt ?? now
                }
            },
            JobRegistration("orders.note-print-completed") { job in
                let event = try job.decode(PrintJobCompleted.self)
                return note(
                    .init(attempt: event.attempt, outcome: .printed, copy: event.copy), of: event.printJobID,
                    event.orderID)
            },
            JobRegistration("orders.note-print-marked-bad") { job in
                let event = try job.decode(PrintJobMarkedBad.self)
                return note(
                    .init(attempt: event.attempt, outcome: .bad, copy: event.copy), of: event.printJobID, event.orderID)
            },
            JobRegistration("orders.note-print-failed") { job in
                let event = try job.decode(PrintJobFailed.self)
                return note(.init(attempt: event.attempt, outcome: .failed), of: event.printJobID, event.orderID)
            },
            JobRegistration("orders.note-print-retry") { job in
                let event = try job.decode(PrintJobRetryRequested.self)
                return note(.init(attempt: event.attempt, outcome: .wanted), of: event.printJobID, event.orderID)
            },
            JobRegistration("orders.note-print-cancelled") { job in
                let event = try job.decode(PrintJobCancelled.self)
                return note(.init(attempt: event.attempt, outcome: .cancelled), of: event.printJobID, event.orderID)
            },
            JobRegistration("orders.note-shipment") { job in
                let event = try job.decode(ShipmentCreated.self)
                return desk.change(event.orderID) { order, now in order.shippedAt = order.shippedAt ?? now }
            },
            JobRegistration("orders.note-fulfilled") { job in
                let event = try job.decode(OrderFulfilled.self)
                return desk.change(event.orderID) { order, now in order.fulfilledAt = order.fulfilledAt ?? now }
            },
            JobRegistration("orders.resume-lines", handle: resumeLines),
            JobRegistration("orders.map-lines", handle: mapLines),
        ]
    }

    /// "All parts done" is the set of finished prints, under the order's lock, in the transaction that adds one.
    private func note(_ fact: Order.PrintFact, of printJob: PrintJobID, _ orderID: OrderID) -> Commit {
        desk.change(orderID) { order, now in
            order.note(fact, of: printJob)
            // Whatever is printed was begun, even if that is heard of later.
            if fact.outcome == .printed { order.productionStartedAt = order.productionStartedAt ?? now }
        }
    }

    /// A mapping came or changed: each order that waits for one looks again, in a job of its own.
    private func resumeLines(_ job: Job) async throws -> Commit {
        let mapping = try job.decode(ProductMappingReference.self).productMappingID
        let waiting = try await OrderReading.unsettled(by: mapping, in: database)
        return { transaction in
            for order in waiting {
                try await outbox.enqueue(
                    NewJob(
                        "orders.map-lines", payload: OrderReference(orderID: order), subject: StreamID(order.uuid),
                        uniqueKey: "orders.map-lines:\(order)"), in: transaction)
            }
        }
    }

    private func mapLines(_ job: Job) async throws -> Commit? {
        let id = try job.decode(OrderReference.self).orderID
        guard let order = try await OrderReading.order(id, in: database) else { return nil }
        // A line of which nothing is printed yet also takes a mended mapping: a wrong file id must not be for ever.
        let lines = order.lines.filter {
            $0.isToBeMade && ($0.mapping == nil || ($0.finished.isEmpty && order.readyAt == nil))
        }
        let mappings = try await catalog.mappings(for: lines.map(\.keys))
        return desk.change(id) { order, _ in order.map(lines.map(\.shopifyLineItemID), to: mappings) }
    }
}

/// What both mapping events have in common; nil when an operator only asks to look again.
struct ProductMappingReference: Decodable {
    let productMappingID: ProductMappingID?
}

extension PrintJobCompleted {
    fileprivate var copy: Order.PrintFact.Copy {
        .init(lineItemID: lineItemID, key: .init(partNumber: partNumber, copyNumber: copyNumber))
    }
}

extension PrintJobMarkedBad {
    fileprivate var copy: Order.PrintFact.Copy {
        .init(lineItemID: lineItemID, key: .init(partNumber: partNumber, copyNumber: copyNumber))
    }
}
