import GridFlock
import GridGeometry
import Kernel
import Testing

/// The text of a quote is written by hand, member by member.
@Suite struct QuoteJSONTests {
    private static let request = #"""
        {"drawerWidthMillimetres":433.5,"drawerDepthMillimetres":391,"bedWidthMillimetres":180,
        "bedDepthMillimetres":180,"magnets":true,"separatePadding":true,"fillerX":"fraction"}
        """#

    private func quote() throws -> Quote {
        let plan = try Planner.plan(PlateRequest.read(Array(Self.request.utf8)).wish())
        return Quote(
            plan: plan, digest: "d",
            terms: QuoteTerms(rates: QuoteRates(), printRate: .uncalibrated, priceRule: PriceRule(currency: "EUR")))
    }

    @Test func itIsWhatTheEncoderWouldWrite() throws {
        let quote = try quote()
        let drawing = PlanDrawing.svg(quote.plan)
        for picture in [drawing, nil] {
            let bytes = quote.json(drawing: picture)
            let value = try JSON.decode(JSONValue.self, from: bytes)
            #expect(String(decoding: try JSON.encode(value), as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
            #expect(value["planSVG"]?.string == picture)
        }
    }

    @Test func itTellsThePlanAsThePlanDoes() throws {
        let quote = try quote()
        let told = try JSON.decode(JSONValue.self, from: quote.json(drawing: nil))
        let plan = try JSON.decode(JSONValue.self, from: JSON.encode(.object(quote.plan.members)))
        for name in quote.plan.members.keys where name != "parts" { #expect(told[name] == plan[name], "\(name)") }
        let parts = try #require(told["parts"]?.array)
        #expect(parts.count == quote.plan.segments.count)
        for (part, segment) in zip(parts, quote.plan.segments) {
            let members = try JSON.decode(JSONValue.self, from: JSON.encode(.object(segment.members)))
            for name in segment.members.keys { #expect(part[name] == members[name], "\(name)") }
        }
        let customers = try JSON.decode(JSONValue.self, from: JSON.encode(quote.customerJSON))
        for name in ["digest", "drawer", "plate", "partCount", "wholeCellCount", "magnetCount", "price"] {
            #expect(told[name] == customers[name] && told[name] != nil, "\(name)")
        }
    }
}
