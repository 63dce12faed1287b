import Kernel
import Testing

@testable import GridGeometry

/// The `nearest` value of a refusal is one that can be made.
@Suite struct NearestValueTests {
    private static func items(_ request: PlateRequest) -> [PlateRefusal.Item] {
        do {
            _ = try Planner.plan(request.wish())
            return []
        } catch {
            return error.items
        }
    }

    private static func items(_ json: String) -> [PlateRefusal.Item] {
        do {
            return items(try PlateRequest.read(Array(json.utf8)))
        } catch {
            return error.items
        }
    }

    private static func body(_ rest: String) -> String {
        let printer = rest.contains("printer") ? "" : #""printer":"prusa-core-one","#
        let width = rest.contains("drawerWidth") ? "" : #""drawerWidthMillimetres":371,"#
        return #"{"drawerDepthMillimetres":254,"# + width + printer + rest + "}"
    }

    private static let values: [(String, String, String)] = [
        (#""magnets": "yes""#, "magnets", "true"), (#""numbering": "no""#, "numbering", "false"),
        (#""separatePadding": 1"#, "separatePadding", "true"),
        (#""bedWidthMillimetres": "240 mm""#, "bedWidthMillimetres", "240"),
        (#""solidBaseMillimetres": "1,5""#, "solidBaseMillimetres", "1.5"),
        (#""solidBaseMillimetres": [400]"#, "solidBaseMillimetres", "20"),
        (#""clearanceMillimetres": "0.5""#, "clearanceMillimetres", "0.5"),
        (#""alignmentX": "0.27""#, "alignmentX", "0.3"), (#""fillerFractionX": 2.6"#, "fillerFractionX", "3"),
        (#""fillerFractionX": "12""#, "fillerFractionX", "5"), (#""fillerFractionX": -3"#, "fillerFractionX", "1"),
        (#""columns": [4, 5.2]"#, "columns", "[4, 5]"), (#""columns": "4,5""#, "columns", "[4, 5]"),
        (#""columns": [4, 4]"#, "columns", "[4, 5]"), (#""columns": [9]"#, "columns", "[5, 4]"),
        (#""columns": [0, -3, 9]"#, "columns", "[1, 2, 6]"), (#""rowsOdd": [1, 1, 9]"#, "rowsOdd", "[1, 1, 4]"),
        (#""fillerX": "fractions""#, "fillerX", "fraction"), (#""fillerY": "Dynamic""#, "fillerY", "dynamic"),
        (#""magnets": true, "magnetStyle": "press fit""#, "magnetStyle", "press-fit"),
        (#""magnets": true, "magnetStyle": "glue_from_botom""#, "magnetStyle", "glue-from-bottom"),
        (#""magnets": true, "magnetFrame": "rund""#, "magnetFrame", "round"),
        (#""magnets": true, "magnetFrame": "solid""#, "magnetFrame", "round"),
        (#""printer": "prusa-mk3""#, "printer", "prusa-mk3s"), (#""alignmentY": -1e300"#, "alignmentY", "0"),
        (#""alignmentY": 7"#, "alignmentY", "1"), (#""bedWidthMillimetres": 2000"#, "bedWidthMillimetres", "1000"),
        (#""bedWidthMillimetres": -5"#, "bedWidthMillimetres", "50.18"),
        (#""edgeAdjustMillimetres": {"east": -34, "north": 3}"#, "edgeAdjustMillimetres.east", "-20"),
        (#""thumbScrews": true"#, "thumbScrews", "false"), (#""hollow": 1"#, "hollow", "false"),
        (#""edgeConnector": true, "edgeConnectorNeckWidthMillimetres": 36"#, "edgeConnectorNeckWidthMillimetres", "8"),
        (#""edgeConnector": true, "edgeConnectorBarWidthMillimetres": 2"#, "edgeConnectorBarWidthMillimetres", "5"),
        (#""edgeConnector": true, "edgeConnectorBarWidthMillimetres": 38"#, "edgeConnectorBarWidthMillimetres", "20.7"),
        (#""edgeConnector": true, "edgeConnectorBarDepthMillimetres": 1"#, "edgeConnectorBarDepthMillimetres", "0.85"),
        (
            #""edgeConnector": true, "edgeConnectorBarDepthMillimetres": 1.6"#, "edgeConnectorBarDepthMillimetres",
            "1.75"
        ),
        (#""edgeConnector": true, "edgeConnectorCountPerCell": 5"#, "edgeConnectorBarWidthMillimetres", "6.74"),
        (#""edgeConnector": true, "edgeConnectorHeightMillimetres": 30"#, "edgeConnectorHeightMillimetres", "4.15"),
        (
            #""edgeConnector": true, "edgeConnectorMaleDeltaMillimetres": 3"#, "edgeConnectorMaleDeltaMillimetres",
            "2.05"
        ),
        (
            #""edgeConnector": true, "edgeConnectorNeckDepthMillimetres": 0.2"#, "edgeConnectorGapMillimetres", "0.1"
        ),
        (#""magnets": true, "fillerFractionX": 4"#, "fillerFractionX", "3"),
        (
            #""magnets": true, "fillerX": "dynamic", "fillerMinimumXMillimetres": 8.1, "drawerWidthMillimetres": 93"#,
            "fillerMinimumXMillimetres", "12.95"
        ),
        (
            #""magnets": true, "fillerFractionX": 3, "magnetDiameterMillimetres": 12"#, "magnetDiameterMillimetres",
            "8"
        ),
    ]

    @Test(arguments: values)
    func theNearestValueIsSaidAndCanBeMade(_ rest: String, _ field: String, _ nearest: String) throws {
        let items = Self.items(Self.body(rest))
        #expect(items.map(\.field) == [field] && items.map(\.nearest) == [nearest], "\(items)")
        #expect(items.allSatisfy { $0.allowed != nil })
    }

    @Test(arguments: [
        #""fillerX": "half""#, #""printer": "x""#, #""magnets": "perhaps""#, #""columns": ["four"]"#,
        #""bedWidthMillimetres": "wide""#, #""columns": []"#,
    ])
    func whereNothingIsNearNothingIsNamed(_ rest: String) {
        let items = Self.items(Self.body(rest))
        #expect(items.count == 1 && items.first?.allowed != nil)
        // An empty list is a split of which nothing is right: any split is as near.
        if !rest.hasSuffix("[]") { #expect(items.first?.nearest == nil, "\(items)") }
    }

    @Test func anOverrideHasALetterForEachCell() {
        let nearest = ["cCx", "se", String(repeating: "s", count: 60), String(repeating: "S", count: 10_001)].map {
            Self.items(Self.body("\"cellOverride\": \"\($0)\"")).map(\.nearest)
        }
        let (cells, solid) = (String(repeating: "c", count: 54), String(repeating: "s", count: 54))
        #expect(nearest == [[cells], ["se" + cells.dropLast(2)], [solid], [solid]])
    }

    /// Cells that are left out may leave a part in pieces: those of that part come back.
    @Test func anOverrideThatLeavesPiecesIsFilledWhereItDoes() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: 252, drawerDepthMillimetres: 84, bedWidthMillimetres: 130,
            bedDepthMillimetres: 130)
        request.cellOverride = "cecccccecccc"
        let items = Self.items(request)
        #expect(items.map(\.nearest) == ["cccccccccccc"], "\(items)")
        request.cellOverride = "eeeeeeeeeeee"
        #expect(Self.items(request).map(\.nearest) == ["cccccccccccc"])
    }

    @Test func aBedThatMakesTooManyPartsIsNamedWithOneThatDoesNot() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: 3000, drawerDepthMillimetres: 3000, bedWidthMillimetres: 64,
            bedDepthMillimetres: 64)
        request.fillerX = "none"
        request.fillerY = "none"
        let item = try #require(Self.items(request).first)
        #expect(item.field == "bedWidthMillimetres" && item.reason.contains("parts"), "\(item)")
        let nearest = try #require(item.nearest)
        let isTaken = request.take(nearest, for: item.field)
        #expect(isTaken)
        #expect(Self.items(request).isEmpty)
    }

    @Test func aFieldThatIsMisspeltIsNamed() {
        let items = Self.items(Self.body(#""magnetDiametreMilimetres": 6"#))
        #expect(items.first?.allowed == "perhaps magnetDiameterMillimetres")
    }
}
