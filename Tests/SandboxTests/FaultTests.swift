import Kernel
import Testing

@testable import Forma3DSandbox

@Suite struct FaultTests {
    @Test func aListIsRead() throws {
        let faults = try Fault.list([
            ["vendor": "shopify", "call": "fulfilmentCreate", "fault": "dropAfter", "times": 2],
            ["vendor": "*", "call": "*", "fault": "hookDuplicate", "probability": .number("0.5")],
        ])
        #expect(faults.count == 2)
        #expect(faults[0].matches(.shopify, calls: ["graphql", "fulfillmentCreate"], hook: false))
        #expect(!faults[0].matches(.sendcloud, calls: ["fulfillmentCreate"], hook: false))
        #expect(!faults[0].matches(.shopify, calls: ["fulfillmentCreate"], hook: true))
        #expect(faults[1].matches(.sendcloud, calls: ["x"], hook: true))
        #expect(try Fault.list([]).isEmpty)
    }

    @Test func badFieldsAreNamed() {
        let error = #expect(throws: Problem.self) {
            try Fault.list([
                [
                    "vendor": "amazon", "fault": "explode", "status": 99, "delayMs": -1, "copies": 21, "times": 0,
                    "probability": 2, "wat": 1,
                ]
            ])
        }
        #expect(error?.status == 422)
        #expect(
            error?.fields.map(\.field) == [
                "[0].vendor", "[0].call", "[0].fault", "[0].status", "[0].delayMs", "[0].copies", "[0].times",
                "[0].probability",
                "[0].wat",
            ])
        #expect(throws: Problem.self) { try Fault.list(["vendor": "shopify"]) }
    }

    @Test func timesAreUsedUpAndWithoutThemItIsAlways() throws {
        var generator = SystemRandomNumberGenerator()
        var plan = FaultPlan(
            try Fault.list([
                ["vendor": "shopify", "call": "graphql", "fault": "dropBefore", "times": 1],
                ["vendor": "shopify", "call": "graphql", "fault": "html"],
            ]))
        let kinds = (0..<3).map { _ in
            plan.strike(.shopify, calls: ["graphql"], hook: false, using: &generator)?.kind
        }
        #expect(kinds == [.dropBefore, .html, .html])
    }

    @Test func probabilityIsHeldOnAverage() throws {
        var generator = SystemRandomNumberGenerator()
        var plan = FaultPlan(
            try Fault.list([["vendor": "*", "call": "*", "fault": "status", "probability": .number("0.3")]]))
        let struck = (0..<10_000).count { _ in
            plan.strike(.sendcloud, calls: ["label"], hook: false, using: &generator) != nil
        }
        #expect((2_600...3_400).contains(struck))
    }

    @Test func retriesScaleButLeaveASystemTimeToComeBack() {
        let slow = (1...9).map { RetryRule.shopify.waitSeconds(afterAttempts: $0, pace: Pace(1)) }
        #expect(slow == [10, 30, 120, 480, 1_200, 2_700, 4_500, 5_300, nil])
        #expect(slow.compactMap { $0 }.reduce(0, +) <= 4 * 3_600)
        let fast = (1...8).compactMap { RetryRule.shopify.waitSeconds(afterAttempts: $0, pace: Pace(100_000)) }
        #expect(fast.reduce(0, +) > 30)
        #expect(RetryRule.simplyPrint.waitSeconds(afterAttempts: 1, pace: Pace(1)) == nil)
    }
}
