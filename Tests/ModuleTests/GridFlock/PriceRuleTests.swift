import FoundationEssentials
import GridFlock
import Testing

@Suite struct PriceRuleTests {
    private func rule(_ change: (inout PriceRule) -> Void) -> PriceRule {
        var rule = PriceRule()
        rule.base = .init(5)
        rule.perGram = .init(0.04)
        rule.perHour = .init(1.5)
        rule.perPart = .init(1)
        rule.perMagnet = .init(0.1)
        rule.minimum = .init(9.9)
        rule.step = .init(0.1)
        change(&rule)
        return rule
    }

    private func price(
        grams: Int, minutes: Int, parts: Int, magnets: Int, _ change: (inout PriceRule) -> Void = { _ in }
    ) -> Int {
        rule(change).price(
            of: .init(milligrams: grams * 1_000, seconds: minutes * 60, parts: parts, magnets: magnets)
        ).tenThousandths
    }

    @Test func aPriceIsTheSumRoundedUpToTheStep() {
        // 5 + 108 × 0.04 + 1.5 × 1.5 + 4 = 15.57
        #expect(price(grams: 108, minutes: 90, parts: 4, magnets: 0) == 156_000)
        #expect(price(grams: 108, minutes: 90, parts: 4, magnets: 10) == 166_000)
        #expect(price(grams: 108, minutes: 90, parts: 4, magnets: 0) { $0.step = .init(0.01) } == 155_700)
    }

    @Test func nothingIsCheaperThanTheMinimum() {
        #expect(price(grams: 1, minutes: 1, parts: 1, magnets: 0) == 99_000)
        #expect(price(grams: 1, minutes: 1, parts: 1, magnets: 0) { $0.minimum = .init(0) } == 61_000)
    }

    @Test func aTenthOfAGramCounts() {
        #expect(PriceRule.Amount(0.04).tenThousandths == 400)
        #expect(PriceRule.Amount(19.99).decimal.description == "19.99")
        let rule = rule { $0.step = .init(0.01) }
        let one = rule.price(of: .init(milligrams: 200_000, seconds: 0, parts: 0, magnets: 0))
        let more = rule.price(of: .init(milligrams: 200_100, seconds: 0, parts: 0, magnets: 0))
        #expect(one.tenThousandths == 130_000)
        #expect(more.tenThousandths == 130_100, "rounded up to the step")
    }
}
