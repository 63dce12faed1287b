import GridFlock
import GridGeometry
import HTTPWire
import Kernel
import Synchronization
import Testing
import TestKit

/// What cannot be made is found out once, and told shortly.
@Suite(.timeLimit(.minutes(2))) struct RefusalCacheTests {
    private static func wish(_ width: Double, _ depth: Double = 254) -> PlateRequest {
        var wish = PlateRequest()
        (wish.drawerWidthMillimetres, wish.drawerDepthMillimetres) = (width, depth)
        return wish
    }

    @Test func whatWasRefusedIsRefusedAgainWithoutWork() async throws {
        let works = Mutex(0)
        let quotes = Quotes(
            workbench: Workbench { work in
                works.withLock { $0 += 1 }
                work()
            },
            bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)),
            terms: QuoteTerms(rates: QuoteRates(), printRate: .uncalibrated, priceRule: PriceRule(currency: "EUR")),
            rates: MinuteRates(estimate: .uncalibrated, load: { [] }), digest: { String($0.count) }, time: .system)
        func refused(_ wish: PlateRequest, _ ask: (PlateRequest) async throws -> Void) async -> [Problem.Field] {
            do {
                try await ask(wish)
                return []
            } catch {
                return (error as? Problem)?.fields ?? []
            }
        }
        let small = Self.wish(1)
        let first = await refused(small) { _ = try await quotes.quote($0) }
        #expect(first.map(\.field) == ["drawerWidthMillimetres"] && first.map(\.nearest) == ["21"])
        #expect(works.withLock(\.self) == 1)
        #expect(await refused(small) { _ = try await quotes.quote($0) } == first)
        #expect(await refused(small) { _ = try await quotes.quoteWithDrawing($0) } == first)
        #expect(await refused(small) { _ = try await quotes.customerDrawing(of: $0) } == first)
        #expect(await refused(small) { _ = try await quotes.draft(of: $0) } == first)
        #expect(works.withLock(\.self) == 1, "it was worked on again")
        // A wish that is not the same is another one.
        _ = await refused(Self.wish(2)) { _ = try await quotes.quote($0) }
        #expect(works.withLock(\.self) == 2)
        _ = try await quotes.quote(Self.wish(371))
        #expect(works.withLock(\.self) == 3)
        // What is no number is equal to nothing, itself included.
        for _ in 0..<2 {
            #expect(await refused(Self.wish(.nan)) { _ = try await quotes.quote($0) }.map(\.nearest) == ["21"])
        }
        #expect(works.withLock(\.self) == 5)
    }

    /// Whatever is asked for, and however long it is.
    @Test func refusalsTakeNoMoreThanTheirRoom() {
        let recent = RecentQuotes()
        let refusal = PlateRefusal("cellOverride", "is too long")
        var last = Self.wish(0)
        for number in 0..<800 {
            last = Self.wish(Double(number))
            last.cellOverride = String(repeating: "x", count: number * 25)
            recent.keep(refusal, of: last)
            #expect(recent.refusalBytes <= RecentQuotes.refusalBytesMaximum)
        }
        #expect(recent.refusal(of: last) == refusal && recent.refusal(of: Self.wish(1)) == nil)
        let bytes = recent.refusalBytes
        for _ in 0..<100 { recent.keep(refusal, of: Self.wish(.nan)) }
        #expect(recent.refusalBytes == bytes)
    }

    /// The answer to thousands of names is short, in a body and in a query.
    @Test func thousandsOfUnknownNamesGetAShortAnswer() async throws {
        try await PlateAPI.with { api in
            let body = "{" + (0..<5_000).map { "\"u\($0)\":1" }.joined(separator: ",") + "}"
            let posted = try await api.send(.post, "/api/v1/gridflock/quotes", body)
            #expect(posted.status == 422 && posted.bytes.count < 8_192, "\(posted.bytes.count) bytes")
            let fields = posted.json["fields"]?.array ?? []
            #expect(fields.count == 21 && fields.last?["reason"]?.string?.contains("4979") == true)
            let names = (0..<1_000).map { ("u\($0)", "1") }
            let asked = try await api.send(.get, api.signed("/storefront/gridflock/quote", names))
            #expect(asked.status == 422 && asked.bytes.count < 8_192, "\(asked.bytes.count) bytes")
            #expect(asked.json["fields"]?.array?.count == 21)
        }
    }

    /// However often it is said.
    @Test func aFieldThatIsSaidAThousandTimesIsRefusedOnce() throws {
        let query = (0..<1_000).map { (name: "drawerWidthMillimetres", value: "\($0)") }
        let refusal = try #require(throws: PlateRefusal.self) { try PlateRequest(query: query) }
        #expect(refusal.items.map(\.reason) == ["is said twice"])
    }
}
