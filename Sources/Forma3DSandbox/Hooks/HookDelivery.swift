import FoundationEssentials
import HTTPWire

/// How a vendor sends a webhook again.
struct RetryRule: Sendable {
    /// Nominal seconds before each further attempt.
    let gapSeconds: [Double]
    let timeoutSeconds: Double

    /// Eight times in four hours; Shopify publishes no gaps, these sum to 14 340 s.
    static let shopify = RetryRule(
        gapSeconds: [10, 30, 120, 480, 1_200, 2_700, 4_500, 5_300], timeoutSeconds: 5)
    /// A delivery history is all that is documented: at most once.
    static let simplyPrint = RetryRule(gapSeconds: [], timeoutSeconds: 10)
    /// Ten times, from five minutes, at most an hour between.
    static let sendcloud = RetryRule(
        gapSeconds: [300, 600, 1_200, 2_400, 3_600, 3_600, 3_600, 3_600, 3_600, 3_600], timeoutSeconds: 10)

    /// However fast the vendors are, a system needs real time to come back: 0.2 s, doubled, at most 10 s.
    private static func floorSeconds(_ attempt: Int) -> Double {
        min(10, 0.2 * Double(1 << min(attempt, 10)))
    }

    /// Seconds to wait after that many attempts; nil when it is given up.
    func waitSeconds(afterAttempts attempts: Int, pace: Pace) -> Double? {
        guard attempts >= 1, attempts <= gapSeconds.count else { return nil }
        let gap = gapSeconds[attempts - 1]
        return max(pace.seconds(gap), min(gap, Self.floorSeconds(attempts - 1)))
    }
}

/// One webhook on its way, and what became of each attempt.
struct HookDelivery: Sendable {
    enum State: String, Sendable {
        case waiting
        case sending
        case delivered
        case givenUp
        case dropped
    }

    struct Attempt: Sendable {
        let at: Date
        /// Nil when there was no answer.
        let status: Int?
        let reason: String?
    }

    let id: Int64
    let vendor: Vendor
    let topic: String
    let url: String
    let fields: HTTPFields
    let body: [UInt8]
    let rule: RetryRule
    /// The Shopify subscription that may be deleted after failures.
    let subscriptionID: Int64?
    var dueAt: Date
    var state = State.waiting
    var attempts: [Attempt] = []

    var node: JSONNode {
        [
            "id": .integer(id), "vendor": .string(vendor.rawValue), "topic": .string(topic), "url": .string(url),
            "webhookId": .text(fields["x-shopify-webhook-id"]), "state": .string(state.rawValue),
            "body": .string(String(decoding: body, as: UTF8.self)),
            "attempts": .array(
                attempts.map { attempt in
                    [
                        "at": .string(VendorTime.utcSeconds(attempt.at)),
                        "status": attempt.status.map { .integer($0) } ?? nil, "reason": .text(attempt.reason),
                    ]
                }),
        ]
    }
}
