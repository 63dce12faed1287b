import Contracts
import Kernel

/// Every room below Operators with nothing to say but which orders there are.
struct QuietRooms: OrdersContract, PrintingContract, ShippingContract, FulfilmentContract {
    var known: [OrderView] = []
    var planProblems: [OrderID: Attention] = [:]

    func production(of order: OrderID) async throws -> ProductionView? { nil }
    func parcel(of order: OrderID) async throws -> ParcelView? { nil }
    func fulfilment(of order: OrderID) async throws -> FulfilmentOrderView? { nil }
    func order(_ id: OrderID) async throws -> OrderView? { known.first { $0.id == id } }
    func orders(_ search: OrderSearch) async throws -> [OrderView] { known }
    func printJobs(of orders: [OrderID]) async throws -> [PrintJobView] { [] }
    func shipments(of orders: [OrderID]) async throws -> [ShipmentView] { [] }
    func fulfilments(of orders: [OrderID]) async throws -> [FulfilmentView] { [] }
    func problems(of orders: [OrderID]) async throws -> [OrderID: Attention] { planProblems }
}

extension OrderView {
    static func sample(_ status: OrderStatus, attention: Attention? = nil) -> OrderView {
        OrderView(
            id: OrderSamples.identities.make(), shopifyOrderID: 1_001, orderNumber: "#1001", status: status,
            financialStatus: "paid", isTest: false, currency: "EUR", totalPrice: nil, customerName: nil, email: nil,
            address: nil, orderedAt: OrderSamples.start, createdAt: OrderSamples.start, updatedAt: OrderSamples.start,
            cancelledAt: nil, lineItems: [], attention: attention)
    }
}
