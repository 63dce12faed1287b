import FoundationEssentials
import GridFlock
import GridGeometry
import Kernel
import Synchronization
import Testing
import TestKit

/// What was reckoned lately is at hand for customers and operators alike, as long as it is true.
@Suite struct QuoteCacheTests {
    /// Counts what is worked out, and the slices that the database knows.
    private final class Counting: Sendable {
        struct Counts: Sendable {
            var works = 0
            var loads = 0
            var slices: [PrintRate.Slice] = []
            var isBroken = false
            var now: ContinuousClock.Instant = .now
        }
        let counts = Mutex(Counts())
        var works: Int { counts.withLock(\.works) }
        var loads: Int { counts.withLock(\.loads) }

        func rates() -> MinuteRates {
            MinuteRates(
                estimate: .uncalibrated, now: { self.counts.withLock(\.now) },
                load: {
                    let (slices, isBroken) = self.counts.withLock { counts in
                        counts.loads += 1
                        return (counts.slices, counts.isBroken)
                    }
                    if isBroken { throw Broken() }
                    return slices
                })
        }

        func quotes(_ rates: MinuteRates) -> Quotes {
            Quotes(
                workbench: Workbench { work in
                    self.counts.withLock { $0.works += 1 }
                    work()
                },
                bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)),
                terms: QuoteTerms(
                    rates: QuoteRates(), printRate: .uncalibrated, priceRule: PriceRule(currency: "EUR", perMinute: 1)),
                rates: rates, digest: { String($0.count) }, time: .system)
        }
    }
    private struct Broken: Error {}

    private static let wish: PlateRequest = {
        var wish = PlateRequest()
        (wish.drawerWidthMillimetres, wish.drawerDepthMillimetres) = (371, 254)
        return wish
    }()
    private static let slices = (1...5).map { PrintRate.Slice(grams: Double($0), minutes: Double($0) * 7) }

    @Test func customersAndOperatorsShareWhatIsEqual() async throws {
        let counting = Counting()
        let quotes = counting.quotes(counting.rates())
        let first = try await quotes.quote(Self.wish)
        #expect(try await quotes.quote(Self.wish).digest == first.digest && counting.works == 1)
        // The drawing is new, its quote is not.
        let (shown, drawing) = try await quotes.quoteWithDrawing(Self.wish)
        #expect(shown.needs == first.needs && drawing.contains("250 × 220") && counting.works == 2)
        var named = Self.wish
        (named.bedWidthMillimetres, named.bedDepthMillimetres) = (250, 220)
        #expect(try await quotes.quoteWithDrawing(named).1 == drawing && counting.works == 2)
        #expect(try await quotes.quote(named).needs == first.needs && counting.works == 2)
        // Customers are not told the bed.
        let theirs = try await quotes.customerDrawing(of: Self.wish)
        #expect(!theirs.contains("250 × 220") && counting.works == 3)
        #expect(try await quotes.customerDrawing(of: Self.wish) == theirs && counting.works == 3)
        named.bedWidthMillimetres = 251
        _ = try await quotes.quote(named)
        #expect(counting.works == 4)
    }

    @Test func aNewRateIsANewQuoteButNoNewPicture() async throws {
        let counting = Counting()
        let rates = counting.rates()
        let quotes = counting.quotes(rates)
        let before = try await quotes.quote(Self.wish)
        _ = try await quotes.customerDrawing(of: Self.wish)
        counting.counts.withLock { $0.slices = Self.slices }
        #expect(try await quotes.quote(Self.wish).needs.price == before.needs.price, "nobody has told it")
        rates.renew()
        let after = try await quotes.quote(Self.wish)
        #expect(after.rate.origin == .slices && after.needs.price != before.needs.price)
        let works = counting.works
        _ = try await quotes.customerDrawing(of: Self.wish)
        #expect(counting.works == works)
    }

    @Test func theRateIsReadNowAndThenAndOutlivesTheDatabase() async throws {
        let counting = Counting()
        let rates = counting.rates()
        counting.counts.withLock { $0.isBroken = true }
        #expect(await rates.current().origin == .estimate)
        #expect(await rates.current().sliceCount == 0 && counting.loads == 1, "not asked at once again")
        counting.counts.withLock {
            $0.isBroken = false
            $0.slices = Self.slices
            $0.now += MinuteRates.fresh
        }
        #expect(await rates.current().origin == .slices && counting.loads == 2)
        counting.counts.withLock {
            $0.isBroken = true
            $0.now += MinuteRates.fresh
        }
        #expect(await rates.current() == MinuteRate(estimate: .uncalibrated, slices: Self.slices))
        #expect(counting.loads == 3)
    }

    @Test func fewerThanEnoughAreCountedButNotBelieved() {
        let few = MinuteRate(estimate: .uncalibrated, slices: Array(Self.slices.dropLast()))
        #expect(few.origin == .estimate && few.sliceCount == 4 && few.printRate == .uncalibrated)
        #expect(MinuteRate(estimate: .uncalibrated, slices: Self.slices).printRate.minutesPerGram == 7)
    }
}
