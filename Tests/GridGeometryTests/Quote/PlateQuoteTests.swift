import FoundationEssentials
import GridGeometry
import Kernel
import Testing

@Suite struct PlateQuoteTests {
    private func wish(_ width: Double, _ depth: Double, bed: Double = 250, _ bedDepth: Double = 220) -> PlateWish {
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: Length(millimetres: bed), depth: Length(millimetres: bedDepth)))
        wish.numbering = nil
        return wish
    }

    /// Volumes of upstream's own plates, measured once on its engine (mm³).
    @Test(arguments: [
        (42.0, 42.0, "plain", 1226.991), (126, 84, "plain", 7686.073), (371, 254, "plain", 87_473.91),
        (420, 420, "plain", 129_015.08), (371, 254, "no-filler", 106_334.90), (371, 254, "dynamic", 69_258.56),
        (371, 254, "third", 83_685.68), (371, 254, "press-fit", 226_470.10), (371, 254, "glue-top-solid", 356_510.42),
        (371, 254, "glue-bottom", 204_462.39), (371, 254, "glue-top", 215_940.09),
    ])
    func volumesAreNearToMeasuredPlates(_ width: Double, _ depth: Double, _ kind: String, _ measured: Double) throws {
        var wish = wish(width, depth)
        var magnets = Magnets()
        switch kind {
        case "no-filler": (wish.fillerX, wish.fillerY) = (.none, .none)
        case "dynamic":
            let filler = Filler.dynamic(minimum: Length(millimetres: 15))
            (wish.fillerX, wish.fillerY) = (filler, filler)
        case "third": (wish.fillerX, wish.fillerY) = (.fraction(3), .fraction(3))
        case "press-fit": wish.magnets = magnets
        case "glue-top-solid":
            (magnets.style, magnets.frame) = (.glueFromTop, .solid)
            wish.magnets = magnets
        case "glue-top":
            magnets.style = .glueFromTop
            wish.magnets = magnets
        case "glue-bottom":
            magnets.style = .glueFromBottom
            wish.magnets = magnets
        default: break
        }
        let volume = PlateQuote(try Planner.plan(wish)).cubicMillimetres
        let difference = (volume - measured) / measured
        #expect(abs(difference) < (wish.magnets == nil ? 0.002 : 0.005), "\(kind): \(volume), off by \(difference)")
    }

    @Test func countsMagnetsByTheSizeOfTheCell() throws {
        var wish = wish(42 * 2 + 21, 42 + 21)
        wish.magnets = Magnets()
        let quote = PlateQuote(try Planner.plan(wish))
        // Two whole cells, three halves (one beside, two above) and a quarter.
        #expect(quote.magnetCount == 2 * 4 + 3 * 2 + 1)
        // A cell of 14 × 14 mm has no room to push a magnet in, but to glue one.
        let small = Size(width: Length(millimetres: 14), depth: Length(millimetres: 14))
        var glued = Magnets()
        glued.style = .glueFromTop
        #expect(Magnets().count(in: small) == 0 && glued.count(in: small) == 1)
        #expect(quote.wholeCellCount == 2)
        #expect(quote.fractionalCellCount == 4)
    }

    @Test func equalPartsAreToldAndOverriddenCellsAreNotCounted() throws {
        var wish = wish(42 * 12, 42 * 3, bed: 130, 130)
        wish.magnets = Magnets()
        wish.cellOverride = [.solid] + [CellKind](repeating: .cell, count: 35)
        let quote = PlateQuote(try Planner.plan(wish))
        #expect(quote.parts.count == 4)
        // Both parts between the ends are alike.
        #expect(quote.parts.map(\.likeNumber) == [1, 2, 2, 4])
        #expect(quote.distinctPartCount == 3)
        #expect(quote.magnetCount == 35 * 4)
        let allFit = quote.parts.allSatisfy(\.fitsOnBed)
        #expect(allFit)
        #expect(quote.bedCount == 4)
    }

    @Test func priceIsRoundedUpAndNeverBelowTheLeast() {
        var rule = PriceRule(
            currency: "EUR", base: Decimal(4), perGram: Decimal(5) / 100, perMinute: Decimal(1) / 100,
            perMagnet: Decimal(1) / 10, marginPercent: 25, roundedTo: Decimal(1) / 2, least: 12)
        // (4 + 108.1 · 0.05 + 201 · 0.01 + 10 · 0.1) · 1.25 = 15.51875
        let price = rule.price(grams: 108.04, minutes: 200.2, magnetCount: 10)
        #expect(price == Money(amount: 16, currency: "EUR"))
        #expect(rule.price(grams: 0, minutes: 0, magnetCount: 0).amount == 12)
        rule.roundedTo = Decimal(1) / 100
        #expect(rule.price(grams: 108.04, minutes: 200.2, magnetCount: 10).amount == Decimal(1552) / 100)
    }

    @Test func timeIsCalibratedFromRealSlices() {
        let slices = [(10.0, 30.0), (20, 50), (40, 90)].map { PrintRate.Slice(grams: $0.0, minutes: $0.1) }
        let rate = PrintRate.calibrated(from: slices)
        #expect(abs(rate.minutesPerPart - 10) < 1e-9)
        #expect(abs(rate.minutesPerGram - 2) < 1e-9)
        #expect(PrintRate.calibrated(from: []) == .uncalibrated)
        #expect(PrintRate.calibrated(from: [PrintRate.Slice(grams: .nan, minutes: 1)]) == .uncalibrated)
        // A line that starts below zero would promise prints that take no time.
        let steep = [(10.0, 5.0), (20, 50), (40, 200)].map { PrintRate.Slice(grams: $0.0, minutes: $0.1) }
        #expect(PrintRate.calibrated(from: steep).minutesPerPart == 0)
    }

    @Test func anExactVolumeCanBePluggedIn() throws {
        let plan = try Planner.plan(wish(371, 254))
        let quote = PlateQuote(plan, rates: QuoteRates(solidShare: 1)) { _, _ in 1000 }
        #expect(quote.cubicMillimetres == Double(plan.segments.count) * 1000)
        #expect(abs(quote.grams - Double(plan.segments.count) * 1.24) < 1e-9)
    }
}
