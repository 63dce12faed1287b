package import FoundationEssentials

/// What a plate costs the customer: a sum of rates, raised to the minimum and rounded up to the step. Whole numbers: a
/// price is the same on every machine.
package struct PriceRule: Hashable, Sendable {
    /// Of money, in ten thousandths of the currency's unit.
    package struct Amount: Hashable, Comparable, Sendable {
        package let tenThousandths: Int

        package init(tenThousandths: Int) { self.tenThousandths = tenThousandths }

        /// Rounded to the nearest; settings are below a million.
        package init(_ units: Double) { tenThousandths = Int((units * 10_000).rounded()) }

        package static func < (one: Amount, other: Amount) -> Bool { one.tenThousandths < other.tenThousandths }

        /// `12.50` as a number.
        package var decimal: Decimal { Decimal(tenThousandths) / 10_000 }
    }

    /// What is counted of a plate.
    package struct Counts: Hashable, Sendable {
        package let milligrams: Int
        package let seconds: Int
        package let parts: Int
        package let magnets: Int

        package init(milligrams: Int, seconds: Int, parts: Int, magnets: Int) {
            self.milligrams = milligrams
            self.seconds = seconds
            self.parts = parts
            self.magnets = magnets
        }
    }

    /// ISO 4217.
    package var currency = "EUR"
    package var base = Amount(0)
    package var perGram = Amount(0)
    package var perHour = Amount(0)
    package var perPart = Amount(0)
    package var perMagnet = Amount(0)
    package var minimum = Amount(0)
    /// Prices are whole multiples of it.
    package var step = Amount(0.01)

    package init() {}

    package func price(of counts: Counts) -> Amount {
        let sum =
            base.tenThousandths + Self.share(perGram.tenThousandths * counts.milligrams, of: 1_000)
            + Self.share(perHour.tenThousandths * counts.seconds, of: 3_600)
            + perPart.tenThousandths * counts.parts + perMagnet.tenThousandths * counts.magnets
        let raised = max(sum, minimum.tenThousandths)
        guard step.tenThousandths > 0 else { return Amount(tenThousandths: raised) }
        return Amount(tenThousandths: Self.share(raised, of: step.tenThousandths) * step.tenThousandths)
    }

    /// Rounded up.
    private static func share(_ amount: Int, of parts: Int) -> Int { (amount + parts - 1) / parts }
}
