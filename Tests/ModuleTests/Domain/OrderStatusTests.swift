import Contracts
import Kernel
import Orders
import Testing

@Suite struct OrderStatusTests {
    @Test(arguments: [
        ("paid", OrderStatus.mapped), ("partially_refunded", .mapped), ("pending", .received),
        ("authorized", .received),
        ("partially_paid", .received), ("voided", .closed), ("refunded", .closed),
    ])
    func paymentDecidesWhetherAnythingIsMade(financialStatus: String, expected: OrderStatus) {
        #expect(OrderStatus.derived(from: OrderSamples.order(financialStatus: financialStatus)) == expected)
    }

    @Test func aTestOrderIsClosedAndMakesNothing() {
        let order = OrderSamples.order(isTest: true)
        #expect(OrderStatus.derived(from: order) == .closed)
        #expect(order.wantedByLine.isEmpty)
    }

    @Test(arguments: [Order.SkipReason.giftCard, .tip, .noShipping])
    func linesThatNeedNoPrintAreSkippedAndCountAsDone(reason: Order.SkipReason) {
        var order = OrderSamples.order(lines: [OrderSamples.line(mapping: nil, skipped: reason)])
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .closed)
        #expect(order.lines[0].state == .done)
        #expect(order.attention == nil)
    }

    @Test func aLineWithoutMappingWaitsVisiblyAndGoesOnWhenItIsMapped() {
        var order = OrderSamples.order(lines: [OrderSamples.line(mapping: nil), OrderSamples.line(id: 12)])
        let first = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .needsMapping)
        #expect(order.attention?.code == "line-unmapped")
        #expect(first.contains { $0 is OrderLineUnmapped })
        #expect(order.wantedByLine.count == 1, "the mapped line is made meanwhile")

        let before = order
        order.lines[0].mapping = OrderSamples.mapping()
        let second = order.settle(since: before, now: OrderSamples.start)
        #expect(order.status == .mapped)
        #expect(order.attention == nil)
        #expect(second.contains { $0 is OrderUpdated })
        #expect(order.productionVersion == before.productionVersion + 1)
    }

    @Test func readyIsSaidOnceWhenTheSetIsWhole() {
        var order = OrderSamples.order(lines: [
            OrderSamples.line(quantity: 2, mapping: OrderSamples.mapping(parts: [OrderSamples.part(quantity: 2)]))
        ])
        _ = order.settle(since: nil, now: OrderSamples.start)
        var ready = 0
        for copy in [1, 1, 3, 4, 2, 2] {
            let before = order
            order.lines[0].finished.insert(.init(partNumber: 1, copyNumber: copy))
            ready += order.settle(since: before, now: OrderSamples.start).count { $0 is OrderReadyForFulfillment }
        }
        #expect(ready == 1)
        #expect(order.status == .printed)
        #expect(order.lines[0].state == .done)
    }

    /// The label was being bought while a print was marked bad: fulfilment, called by the parcel, saw no ready order.
    @Test func aReprintOfAShippedOrderSaysReadyAgainUntilItIsFulfilled() {
        var order = OrderSamples.order()
        _ = order.settle(since: nil, now: OrderSamples.start)
        let copy = Order.CopyKey(partNumber: 1, copyNumber: 1)
        func step(_ change: (inout Order) -> Void) -> Int {
            let before = order
            change(&order)
            return order.settle(since: before, now: OrderSamples.start).count { $0 is OrderReadyForFulfillment }
        }
        #expect(step { $0.lines[0].finished = [copy] } == 1)
        #expect(step { $0.lines[0].finished = [] } == 0)
        #expect(order.readyAt == nil, "a print is bad")
        #expect(step { $0.shippedAt = OrderSamples.start } == 0)
        #expect(order.readyAt != nil)
        #expect(step { $0.lines[0].finished = [copy] } == 1, "the reprint makes it whole")
        #expect(step { $0.productionStartedAt = OrderSamples.start } == 0)
        #expect(step { $0.fulfilledAt = OrderSamples.start } == 0)
        _ = step { $0.lines[0].finished = [] }
        #expect(step { $0.lines[0].finished = [copy] } == 0, "the shop knows already")
    }

    @Test func aLoweredQuantityMakesTheSetWhole() {
        var order = OrderSamples.order(lines: [OrderSamples.line(quantity: 2)])
        order.lines[0].finished = [.init(partNumber: 1, copyNumber: 1)]
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .partiallyPrinted)
        let before = order
        order.lines[0].currentQuantity = 1
        let events = order.settle(since: before, now: OrderSamples.start)
        #expect(events.contains { $0 is OrderReadyForFulfillment })
    }

    @Test func aCancelledOrderWantsNothingEvenWithQuantitiesLeft() {
        var order = OrderSamples.order()
        _ = order.settle(since: nil, now: OrderSamples.start)
        let before = order
        order.cancelledAt = OrderSamples.start
        let events = order.settle(since: before, now: OrderSamples.start)
        #expect(events.contains { $0 is OrderCancelled })
        #expect(order.status == .cancelled)
        #expect(order.wantedByLine.isEmpty)
        #expect(order.lines[0].state == .cancelled)
    }

    @Test func theSameFactsGiveTheSameStatusInWhateverOrderTheyCome() {
        let facts: [(inout Order) -> Void] = [
            { $0.productionStartedAt = OrderSamples.start },
            { $0.lines[0].finished.insert(.init(partNumber: 1, copyNumber: 1)) },
            { $0.lines[0].finished.insert(.init(partNumber: 1, copyNumber: 2)) },
            { $0.shippedAt = OrderSamples.start },
            { $0.fulfilledAt = OrderSamples.start },
        ]
        for permutation in facts.indices.map({ $0 }).permutations {
            var order = OrderSamples.order(lines: [OrderSamples.line(quantity: 2)])
            _ = order.settle(since: nil, now: OrderSamples.start)
            var ready = 0
            for index in permutation + permutation {
                let before = order
                facts[index](&order)
                ready += order.settle(since: before, now: OrderSamples.start).count { $0 is OrderReadyForFulfillment }
            }
            #expect(order.status == .fulfilled)
            #expect(ready <= 1)
        }
    }

    @Test func anOrderBeyondTheLimitIsHeldAndFillsNoFarm() {
        var order = OrderSamples.order(lines: [OrderSamples.line(quantity: Order.copiesMaximum + 1)])
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .onHold)
        #expect(order.wantedByLine.isEmpty)
        #expect(order.attention?.code == "too-many-prints")
    }

    @Test func aFailedPrintShowsAndAReprintTakesItBack() {
        var order = OrderSamples.order()
        _ = order.settle(since: nil, now: OrderSamples.start)
        let before = order
        let printJob: PrintJobID = OrderSamples.identities.make()
        order.failedPrintJobs.insert(printJob)
        #expect(order.settle(since: before, now: OrderSamples.start).contains { $0 is OrderFailed })
        #expect(order.status == .failed)
        let failed = order
        order.failedPrintJobs.remove(printJob)
        _ = order.settle(since: failed, now: OrderSamples.start)
        #expect(order.status == .mapped)
    }

    @Test func aLineAddedAfterReadyIsStillOwedAndShown() {
        var order = OrderSamples.order()
        order.lines[0].finished = [.init(partNumber: 1, copyNumber: 1)]
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .printed && order.attention == nil)
        order.fulfilledAt = OrderSamples.start
        let before = order
        order.lines.append(OrderSamples.line(id: 12))
        _ = order.settle(since: before, now: OrderSamples.start)
        #expect(order.attention?.code == "changed-after-ready")
        #expect(order.wantedByLine.count == 2, "fulfilment does not take back what is owed")
    }

    @Test func copiesAreAlikeWhichOnesArePrintedDoesNotMatter() {
        var order = OrderSamples.order(lines: [OrderSamples.line(quantity: 3)])
        order.lines[0].finished = [.init(partNumber: 1, copyNumber: 2), .init(partNumber: 1, copyNumber: 3)]
        _ = order.settle(since: nil, now: OrderSamples.start)
        let before = order
        order.lines[0].currentQuantity = 2
        let events = order.settle(since: before, now: OrderSamples.start)
        #expect(events.contains { $0 is OrderReadyForFulfillment }, "copy 1 need not be printed")
        #expect(order.lines[0].state == .done)
    }

    @Test func moneyGivenBackAfterTheStartIsShown() {
        var order = OrderSamples.order()
        order.productionStartedAt = OrderSamples.start
        order.financialStatus = "refunded"
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.attention?.code == "refunded-after-start")
        #expect(order.wantedByLine.isEmpty)
    }

    @Test func anOrderFulfilledByHandIsClosedHoweverFarItWas() {
        var order = OrderSamples.order()
        order.productionStartedAt = OrderSamples.start
        order.shopFulfillmentStatus = "fulfilled"
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .closed && order.wantedByLine.isEmpty && order.attention == nil)
        order.shippedAt = OrderSamples.start
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.status == .shipped, "our own fulfilment is on its way")
    }

    @Test func aChangedAddressIsToldToShipping() {
        var order = OrderSamples.order()
        order.address = nil
        _ = order.settle(since: nil, now: OrderSamples.start)
        #expect(order.attention?.code == "address-missing")
        let before = order
        order.address = OrderSamples.order().address
        #expect(order.settle(since: before, now: OrderSamples.start).contains { $0 is OrderUpdated })
        #expect(order.productionVersion == before.productionVersion, "what is printed has not changed")
    }
}

extension [Int] {
    var permutations: [[Int]] {
        guard count > 1 else { return [self] }
        return indices.flatMap { index -> [[Int]] in
            var rest = self
            let first = rest.remove(at: index)
            return rest.permutations.map { [first] + $0 }
        }
    }
}
