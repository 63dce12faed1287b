import Foundation

/// How the simulated world behaves: every figure in one place. Times in seconds, chances from 0 to 1.
enum World {
    static let start = Date(timeIntervalSince1970: 1_790_000_000)
    /// When an order must have come to its end.
    static let auditSeconds = 14 * 86_400.0

    // Webhooks.
    static let lostWebhook = 0.05
    static let repeatedWebhook = 0.2
    static let repeatsMaximum = 7
    /// The list of changed orders is read again within this time, so a lost webhook is healed.
    static let reconcileSeconds = 600.0...900.0

    // Buyers.
    static let paidAtOnce = 0.9
    static let neverPaid = 0.01
    static let edited = 0.03
    static let cancelled = 0.04
    static let deleted = 0.005
    static let unmapped = 0.02

    // Processes.
    static let crash = 0.003
    static let freeze = 0.003
    static let frozenSeconds = 31.0...600.0
    static let frozenAtTheWire = 0.0003

    // Vendors.
    static let callTimeoutSeconds = 30.0
    static let lagSeconds = 5.0
    static let requestLost = 0.01
    static let answerLost = 0.01
    static let lateEffect = 0.005
    static let tooManyRequests = 0.02
    /// Each vendor is away for so long, once in so long.
    static let outageEverySeconds = 5 * 86_400.0
    static let outageSeconds = 1_200.0
    static let pollSeconds = 30.0
    static let sweepSeconds = 300.0

    // The farm. A print begins long enough after its item that one too many is gone by then.
    static let startSeconds = 1_200.0...14_400.0
    static let printSeconds = 1_800.0...10_800.0
    static let printFails = 0.04
    static let printCancelled = 0.01
    static let printReturned = 0.01
    static let printIsBad = 0.01

    // Operators.
    static let humanSeconds = 600.0...21_600.0

    static let orderBody = """
        {"id": 1, "name": "#1", "updated_at": "2026-09-21T15:06:40Z", "financial_status": "pending", "currency": "EUR",
        "shipping_address": {"name": "Testa Koper", "address1": "Voorbeeldstraat 12", "city": "Gent", "zip": "9000",
        "country_code": "BE"},
        "line_items": [{"id": 1, "name": "Bracket", "sku": "BR-1", "quantity": 1, "current_quantity": 1},
        {"id": 2, "name": "Hook", "sku": "HK-1", "quantity": 1, "current_quantity": 1}]}
        """
}

extension SeededRandom {
    mutating func within(_ range: ClosedRange<Double>) -> Double { between(range.lowerBound, range.upperBound) }
}
