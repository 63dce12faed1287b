/// What the shop's `financial_status` means for production.
package enum Payment: Hashable, Sendable {
    /// Not (fully) paid yet: nothing is made.
    case awaited
    case paid
    /// Given back or voided: nothing is owed.
    case returned

    package init(financialStatus: String?) {
        switch financialStatus {
        case "paid", "partially_refunded": self = .paid
        case "refunded", "voided": self = .returned
        default: self = .awaited
        }
    }

    /// Later in a payment's life is higher; breaks ties between payloads of the same second.
    package static func rank(of financialStatus: String?) -> Int {
        switch financialStatus {
        case "authorized": 1
        case "partially_paid": 2
        case "paid": 3
        case "partially_refunded": 4
        case "refunded", "voided": 5
        default: 0
        }
    }
}
