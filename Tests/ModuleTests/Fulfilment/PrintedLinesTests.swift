import Contracts
import FoundationEssentials
import Kernel
import Jobs
import Orders
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5))) struct PrintedLinesTests {
    @Test func aLineAddedAfterThePrintsDoesNotLeaveAndARefundedOrderIsNotWanted() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", OrderBody.order([:]))
            let ids = try await shop.database.query("SELECT id FROM orders.shop_order")
            let id: OrderID = try ids[0]("id")
            let desk = OrderDesk(outbox: Outbox(wakeUps: WakeUps()), time: .system)
            try await shop.database.transaction { transaction in
                guard let known = try await OrderStorage.lock(id, in: transaction) else { return }
                var order = known
                for key in order.lines[0].wantedCopies {
                    let copy = Order.PrintFact.Copy(lineItemID: order.lines[0].id, key: key)
                    order.note(.init(attempt: 1, outcome: .printed, copy: copy), of: Identities.system.make())
                }
                try await desk.settle(&order, since: known, raw: nil, in: transaction)
            }
            #expect(try await shop.orders.contract.fulfilment(of: id)?.isReady == true)
            try await shop.run(
                "orders.note-shipment",
                payload: JSON.text(ShipmentCreated(orderID: id, shipmentID: Identities.system.make())))
            let added = OrderBody.line.merging(["id": 99]) { $1 }
            try await shop.deliver(
                "orders/updated",
                OrderBody.order([
                    "line_items": [.object(OrderBody.line), .object(added)], "updated_at": "2026-11-20T15:00:00+01:00",
                ]))
            let fulfilment = try #require(try await shop.orders.contract.fulfilment(of: id))
            #expect(fulfilment.isReady && fulfilment.isWanted)
            #expect(fulfilment.quantities == [15_514_960_920_876: 2])
            let parcel = try #require(try await shop.orders.contract.parcel(of: id))
            #expect(parcel.isWanted && parcel.contents.count == 1)

            try await shop.deliver(
                "orders/updated",
                OrderBody.order(["financial_status": "refunded", "updated_at": "2026-11-20T16:00:00+01:00"]))
            let refunded = try #require(try await shop.orders.contract.parcel(of: id))
            #expect(!refunded.isWanted)
        }
    }
}
