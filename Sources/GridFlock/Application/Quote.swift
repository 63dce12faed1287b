package import GridGeometry

/// How a plate's material, time and price are reckoned: the operator's settings.
package struct QuoteTerms: Sendable {
    package let rates: QuoteRates
    package let printRate: PrintRate
    package let priceRule: PriceRule

    package init(rates: QuoteRates, printRate: PrintRate, priceRule: PriceRule) {
        self.rates = rates
        self.printRate = printRate
        self.priceRule = priceRule
    }
}

/// What a plate takes and costs.
package struct Quote: Sendable {
    package let plan: PlatePlan
    /// SHA-256 of the wish in its one spelling.
    package let digest: String
    package let needs: PlateQuote
    /// What it would be printed of.
    package let material: String
    /// Where its minutes are from.
    package let rate: MinuteRate

    /// - Parameter rate: nil takes the operator's settings.
    package init(plan: PlatePlan, digest: String, terms: QuoteTerms, rate: MinuteRate? = nil) {
        self.plan = plan
        self.digest = digest
        material = terms.rates.materialName
        let rate = rate ?? MinuteRate(estimate: terms.printRate)
        self.rate = rate
        needs = PlateQuote(plan, rates: terms.rates, printRate: rate.printRate, priceRule: terms.priceRule)
    }
}
