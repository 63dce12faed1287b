import Cryptography
import GridFlock
import GridGeometry
import Kernel
import Testing

/// Files of a real wish, as the job makes them.
@Suite struct PlateMakingTests {
    private static let request = #"""
        {"drawerWidthMillimetres":130,"drawerDepthMillimetres":90,"bedWidthMillimetres":100,"bedDepthMillimetres":100}
        """#

    private func wish() throws -> PlateWish { try PlateRequest.read(Array(Self.request.utf8)).wish() }

    private func make(
        _ sign: StopSign = StopSign(seconds: 60), canonical: String? = nil
    ) throws -> (files: [MadeFile], facts: [String: JSONValue]) {
        let making = try PlateMaking.make(
            request: Self.request, canonical: canonical ?? wish().canonicalText, sign: sign)
        var files: [MadeFile] = []
        while let file = try making.next() { files.append(file) }
        return (files, making.facts())
    }

    @Test func everyFormatIsMadeAndMeasured() throws {
        let made = try make()
        let names = made.files.map(\.name)
        #expect(
            names.first == "segment-01.stl"
                && names.suffix(4) == ["plate.3mf", "plate.glb", "plan.svg", "assembly.svg"])
        let plan = try Planner.plan(wish())
        for file in made.files {
            #expect(!file.bytes.isEmpty)
            let parts = made.facts[file.name]?.array ?? []
            switch file.mediaType {
            case "model/stl":
                #expect(parts.count == 1)
                #expect(parts.first?["triangleCount"]?.integer.map { 84 + 50 * Int($0) } == file.bytes.count)
            case "model/3mf":
                #expect(parts.reduce(0) { $0 + ($1["segments"]?.array?.count ?? 0) } == plan.segments.count)
            default: #expect(parts.isEmpty)
            }
        }
    }

    /// Who changes what the generator makes raises `PlateMaking.revision` and writes the new digest here: designs that
    /// were thrown away are then renewed instead of being refused.
    @Test func theSameWishGivesTheSameBytes() throws {
        let (one, two) = (try make(), try make())
        #expect(one.files.map(\.bytes) == two.files.map(\.bytes))
        // Without what zlib compressed.
        let bytes = one.files.filter { $0.mediaType != "model/3mf" }.flatMap(\.bytes)
        #expect(PlateMaking.revision == 2)
        #expect(
            PlateRoom.hexadecimal(SHA256.digest(bytes))
                == "12312fd72c162ccfccc8aeee831d485829d652b6303ad264bceabdbdd9eabf4f")
    }

    @Test func aRunThatIsNotWantedAnyMoreEnds() {
        let raised = StopSign(seconds: 60)
        raised.raise()
        let unwanted = #expect(throws: StopSign.Raised.self) { try make(raised) }
        #expect(unwanted?.isTimeUp == false)
        let late = #expect(throws: StopSign.Raised.self) { try make(StopSign(seconds: 60, deadline: .now)) }
        #expect(late?.isTimeUp == true)
    }

    @Test func aWishThatMeansSomethingElseNowIsNotMade() throws {
        let other = try wish().canonicalText.replacing("drawer=130,", with: "drawer=131,")
        #expect(throws: GenerationRefusal.self) {
            try PlateMaking.make(request: Self.request, canonical: other, sign: .init(seconds: 60))
        }
        let tooSmall = Self.request.replacing("130", with: "1")
        let refusal = #expect(throws: GenerationRefusal.self) {
            try PlateMaking.make(request: tooSmall, canonical: "", sign: .init(seconds: 60))
        }
        #expect(refusal?.sentence.contains("drawerWidthMillimetres") == true)
    }

    /// A later version of the spelling must not be the end of the designs that were kept before it.
    @Test func aWishOfAnOlderSpellingIsMadeAgain() throws {
        let old = try wish().canonicalText.replacing("gridflock-plate 1", with: "gridflock-plate 0")
            .replacing("bed=", with: "printer-bed=")
        let made = try make(canonical: old)
        #expect(try made.files.map(\.bytes) == make().files.map(\.bytes))
    }

    @Test func edgeAdjustCountsIntoTheSizeThatIsTold() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: 130, drawerDepthMillimetres: 90, bedWidthMillimetres: 100, bedDepthMillimetres: 100)
        request.edgeAdjustMillimetres = Sides(north: 1.5, east: -2, south: 0, west: 0.5)
        let plan = try Planner.plan(request.wish())
        #expect(PlateMaking.title(of: plan) == "Plate 128.5 x 91.5 mm")
        #expect(plan.members["plate"] == ["widthMillimetres": 128.5, "depthMillimetres": 91.5])
        let quote = Quote(
            plan: plan, digest: "",
            terms: QuoteTerms(rates: QuoteRates(), printRate: .uncalibrated, priceRule: PriceRule(currency: "EUR")))
        #expect(quote.customerJSON["plate"] == plan.members["plate"])
    }

    @Test func aQueryIsReadAsABodyIs() throws {
        let request = try PlateRequest(query: [
            ("drawerWidthMillimetres", "371"), ("magnets", "true"), ("columns", "4,5"), ("magnetStyle", "press-fit"),
            ("clearanceMillimetres", "1,0,1,0"), ("edgeConnectorCountPerCell", "2"), ("edgeAdjustMillimetres", "-1"),
        ])
        let body = try PlateRequest.read(
            Array(
                #"""
                {"drawerWidthMillimetres":371,"magnets":true,"columns":[4,5],"magnetStyle":"press-fit",
                 "clearanceMillimetres":{"north":1,"east":0,"south":1,"west":0},"edgeConnectorCountPerCell":2,
                 "edgeAdjustMillimetres":-1}
                """#.utf8))
        #expect(request == body)
        let refusal = #expect(throws: PlateRefusal.self) {
            try PlateRequest(query: [
                ("magnets", "yes"), ("columns", "4,"), ("clearanceMillimetres", "1,2"), ("width", "3"),
                ("magnets", "true"),
                ("edgeConnectorCountPerCell", "1.5"),
            ])
        }
        #expect(
            refusal?.items.map(\.field) == [
                "magnets", "columns", "clearanceMillimetres", "magnets", "edgeConnectorCountPerCell", "width",
            ], "what is no field comes last, as of a body")
        #expect(refusal?.items.map(\.nearest) == ["true", "[4]", "1.2", nil, "2", nil])
    }
}
