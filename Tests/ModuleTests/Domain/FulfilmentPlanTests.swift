import Contracts
import Fulfilment
import Shopify
import Testing

@Suite struct FulfilmentPlanTests {
    static func order(_ quantities: [Int64: Int]) -> FulfilmentOrderView {
        FulfilmentOrderView(
            shopifyOrderID: 1, orderNumber: "#1", isReady: true, isCancelled: false, isWanted: !quantities.isEmpty,
            quantities: quantities)
    }

    static func part(
        _ id: Int64, status: String = "OPEN", location: Int64? = 7, lines: [(Int64, Int64, Int)]
    ) -> OrderFulfilmentState.FulfilmentOrder {
        .init(
            id: id, status: status, supportedActions: status == "OPEN" ? ["CREATE_FULFILLMENT"] : [],
            locationID: location,
            methodType: "SHIPPING",
            lines: lines.map { .init(id: $0.0, lineItemID: $0.1, totalQuantity: $0.2, remainingQuantity: $0.2) })
    }

    static func state(_ parts: [OrderFulfilmentState.FulfilmentOrder], display: String = "UNFULFILLED")
        -> OrderFulfilmentState
    {
        OrderFulfilmentState(
            orderID: 1, name: "#1", isCancelled: false, displayFulfillmentStatus: display, fulfilments: [],
            fulfilmentOrders: parts)
    }

    @Test func oneCallForEachLocationAndOnlyOurLines() {
        let state = Self.state([
            Self.part(10, location: 7, lines: [(100, 1, 2), (101, 99, 1)]),
            Self.part(11, location: 8, lines: [(110, 2, 1)]),
        ])
        guard case .calls(let calls) = FulfilmentPlan(for: Self.order([1: 2, 2: 1]), in: state) else {
            Issue.record("no calls")
            return
        }
        #expect(calls.map(\.locationID) == [7, 8])
        #expect(calls[0].parts.flatMap(\.lines).map(\.id) == [100], "a line that is not ours stays with the shop")
    }

    @Test func aSplitOrderNeverFulfilsMoreThanWasMade() {
        let state = Self.state([Self.part(10, lines: [(100, 1, 2)]), Self.part(11, lines: [(110, 1, 2)])])
        guard case .calls(let calls) = FulfilmentPlan(for: Self.order([1: 3]), in: state) else {
            Issue.record("no calls")
            return
        }
        #expect(calls.flatMap(\.parts).flatMap(\.lines).reduce(0) { $0 + $1.quantity } == 3)
    }

    @Test func emptyMeansNotThereYetUnlessItIsFulfilled() {
        #expect(FulfilmentPlan(for: Self.order([1: 1]), in: Self.state([])) == .notThereYet)
        #expect(FulfilmentPlan(for: Self.order([1: 1]), in: Self.state([], display: "FULFILLED")) == .alreadyFulfilled)
    }

    @Test func closedWithNothingLeftIsDoneByOthersAndAHoldWaits() {
        let closed = Self.state([Self.part(10, status: "CLOSED", lines: [(100, 1, 0)])])
        #expect(FulfilmentPlan(for: Self.order([1: 1]), in: closed) == .alreadyFulfilled)
        let held = Self.state([Self.part(10, status: "ON_HOLD", lines: [(100, 1, 1)])])
        #expect(FulfilmentPlan(for: Self.order([1: 1]), in: held) == .notFulfillable(statuses: ["ON_HOLD"]))
    }

    @Test func anOrderLeavesWholeOrWaits() {
        let state = Self.state([
            Self.part(10, lines: [(100, 1, 2)]), Self.part(11, status: "ON_HOLD", lines: [(110, 2, 1)]),
        ])
        let whole = FulfilmentPlan(for: Self.order([1: 2, 2: 1]), in: state)
        #expect(whole == .notFulfillable(statuses: ["ON_HOLD"]))
        guard case .calls = FulfilmentPlan(for: Self.order([1: 2]), in: state) else {
            Issue.record("a line of somebody else's holds ours back")
            return
        }
    }

    @Test func nothingLeftIsNotNotThereYet() {
        #expect(FulfilmentPlan(for: Self.order([:]), in: Self.state([])) == .nothingLeft)
        #expect(FulfilmentPlan(for: Self.order([:]), in: Self.state([], display: "FULFILLED")) == .alreadyFulfilled)
    }
}
