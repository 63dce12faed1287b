package import FoundationEssentials
package import Kernel

/// A price from what a plate takes: (base + grams + minutes + magnets) with a margin, rounded up, never below the
/// least. Exact decimals; grams count in tenths and minutes whole, both rounded up.
package struct PriceRule: Hashable, Sendable {
    package var currency: String
    package var base: Decimal
    package var perGram: Decimal
    package var perMinute: Decimal
    package var perMagnet: Decimal
    /// 25 is a quarter on top.
    package var marginPercent: Decimal
    /// Prices are multiples of this; zero or less rounds to cents.
    package var roundedTo: Decimal
    package var least: Decimal

    package init(
        currency: String, base: Decimal = 0, perGram: Decimal = 0, perMinute: Decimal = 0, perMagnet: Decimal = 0,
        marginPercent: Decimal = 0, roundedTo: Decimal = Decimal(1) / 100, least: Decimal = 0
    ) {
        self.currency = currency
        self.base = base
        self.perGram = perGram
        self.perMinute = perMinute
        self.perMagnet = perMagnet
        self.marginPercent = marginPercent
        self.roundedTo = roundedTo
        self.least = least
    }

    package func price(grams: Double, minutes: Double, magnetCount: Int) -> Money {
        let cost =
            base + perGram * Self.roundedUp(grams, parts: 10) + perMinute * Self.roundedUp(minutes, parts: 1)
            + perMagnet * Decimal(magnetCount)
        let wanted = max(cost * (100 + marginPercent) / 100, least)
        let step = roundedTo > 0 ? roundedTo : Decimal(1) / 100
        return Money(amount: Self.wholeUp(wanted / step) * step, currency: currency)
    }

    /// Quotes end at a million of anything: what is no number counts as nothing.
    private static func roundedUp(_ value: Double, parts: Int) -> Decimal {
        guard value.isFinite else { return 0 }
        let whole = (min(max(value, 0), 1e9) * Double(parts)).rounded(.up)
        return Decimal(Int(whole)) / Decimal(parts)
    }

    /// The next whole number. `Decimal` writes itself without an exponent, so its digits before the point are its whole
    /// part; FoundationEssentials offers no rounding.
    private static func wholeUp(_ value: Decimal) -> Decimal {
        let digits = value.description.prefix { $0 != "." }
        guard let whole = Decimal(string: String(digits)) else { return value }
        return whole < value ? whole + 1 : whole
    }
}
