package import FoundationEssentials

/// An amount in one currency. Exact decimal, never a binary fraction; `currency` is ISO 4217.
package struct Money: Hashable, Sendable, Codable {
    package let amount: Decimal
    package let currency: String

    package init(amount: Decimal, currency: String) {
        self.amount = amount
        self.currency = currency
    }
}
