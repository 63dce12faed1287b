import GridGeometry
import Kernel
import Testing

@Suite struct PlateRequestTests {
    private func refusal(_ json: String) -> [PlateRefusal.Item] {
        do {
            let wish = try PlateRequest.read(Array(json.utf8)).wish()
            _ = try Planner.plan(wish)
            return []
        } catch {
            return error.items
        }
    }

    private func body(_ rest: String = "") -> String {
        #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"printer":"prusa-core-one""# + rest + "}"
    }

    @Test func theSmallestBodyHasUpstreamsDefaults() throws {
        let wish = try PlateRequest.read(Array(body().utf8)).wish()
        #expect(
            wish
                == PlateWish(
                    drawer: Size(width: Length(millimetres: 371), depth: Length(millimetres: 254)),
                    bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220))))
        #expect(try Planner.plan(wish).segments.count == 4)
    }

    @Test(arguments: [
        (#", "drawerHeightMillimetres": 80"#, "drawerHeightMillimetres", "is not a field of a plate"),
        (#", "magnets": "yes""#, "magnets", "is neither true nor false"),
        (#", "columns": [4, 5.5]"#, "columns", "is no list of whole numbers"),
        (
            #", "clearanceMillimetres": {"left": 1}"#, "clearanceMillimetres",
            "is neither a number nor sides with numbers"
        ),
        (#", "bedWidthMillimetres": -1"#, "bedWidthMillimetres", "is negative"),
        (#", "bedWidthMillimetres": 1e9"#, "bedWidthMillimetres", "is too large"),
        (#", "fillerX": "half""#, "fillerX", "is not a filler"),
        (#", "fillerFractionY": 9"#, "fillerFractionY", "is out of range"),
        (#", "alignmentX": 0.55"#, "alignmentX", "is not one of the steps"),
        (#", "intersectionFit": 1.1"#, "intersectionFit", "is not one of the steps"),
        (#", "magnets": true, "magnetFrame": "solid""#, "magnetFrame", "a solid frame has no way in"),
        (#", "magnets": true, "magnetStyle": "snap""#, "magnetStyle", "is not a way to hold magnets"),
        (#", "magnets": true, "fillerFractionX": 4"#, "fillerFractionX", "need a cell of 12.95 mm"),
        (#", "hollow": true"#, "hollow", "is not made yet"),
        (#", "thumbScrews": true"#, "thumbScrews", "need a solid base"),
        (#", "bottomChamferMillimetres": [0, 1, 0, 0]"#, "bottomChamferMillimetres", "is not made yet"),
        (#", "stackedPrint": {"enabled": true}"#, "stackedPrint", "is not made yet"),
        (#", "cornerRadiusMillimetres": 30"#, "cornerRadiusMillimetres", "would cut into the pocket"),
        (#", "edgeAdjustMillimetres": {"east": -34}"#, "edgeAdjustMillimetres.east", "nothing firm is left"),
        (#", "cellOverride": "cxs""#, "cellOverride", "has a letter that is no kind of cell"),
        (#", "cellOverride": "css""#, "cellOverride", "has 3 letters"),
        (#", "columns": [4, 4]"#, "columns", "does not share out the 9 columns of cells"),
        (#", "columns": [3, 6], "bedWidthMillimetres": 220"#, "columns", "makes a part of 238.574 mm (number 2"),
        (
            #", "edgeConnector": true, "edgeConnectorHeightMillimetres": 8"#, "edgeConnectorHeightMillimetres",
            "is higher"
        ),
    ])
    func impossibleWishesAreRefusedByName(_ rest: String, _ field: String, _ reason: String) {
        let items = refusal(body(rest))
        #expect(items.map(\.field) == [field], "\(items)")
        #expect(items.first?.reason.contains(reason) == true, "\(items)")
    }

    @Test func aBedIsNeededAndAPrinterMustBeKnown() {
        let drawer = #"{"drawerWidthMillimetres": 371, "drawerDepthMillimetres": 254"#
        #expect(refusal(drawer + "}").map(\.field) == ["bedWidthMillimetres", "bedDepthMillimetres"])
        let unknown = refusal(drawer + #", "printer": "prusa-mk9"}"#)
        #expect(unknown.map(\.field) == ["printer"])
        #expect(unknown.first?.allowed?.contains("prusa-mk3s") == true)
        #expect(refusal("[]").map(\.field) == ["body"])
        #expect(refusal("{").map(\.field) == ["body"])
    }

    @Test func whatIsOffOrNullIsAccepted() {
        let rest = #", "hollow": false, "stackedPrint": {"enabled": false}, "plateWallHeightMillimetres": [0, 0]"#
        #expect(refusal(body(rest + #", "magnetDiameterMillimetres": null, "topChamferMillimetres": null"#)).isEmpty)
    }

    @Test func allBadFieldsAreToldAtOnceWithTheNearestValue() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: .nan, drawerDepthMillimetres: -.infinity, bedWidthMillimetres: 5000,
            bedDepthMillimetres: 1)
        request.solidBaseMillimetres = -3
        request.laterFeatures = ["hollow"]
        do {
            _ = try request.wish()
            Issue.record("must be refused")
        } catch {
            #expect(
                Set(error.items.map(\.field)) == [
                    "drawerWidthMillimetres", "drawerDepthMillimetres", "bedWidthMillimetres", "bedDepthMillimetres",
                    "solidBaseMillimetres", "hollow",
                ])
            let nearest = Dictionary(uniqueKeysWithValues: error.items.map { ($0.field, $0.nearest) })
            #expect(nearest["bedWidthMillimetres"] == "1000")
            #expect(nearest["solidBaseMillimetres"] == "0")
            #expect(nearest["hollow"] == "false")
            // The smallest that can be made with the other nearest values, not only the smallest that may be said.
            #expect(nearest["drawerWidthMillimetres"] == "21" && nearest["bedDepthMillimetres"] == "21")
        }
    }

    @Test func theSmallestDrawerAndBedAreSaidAndWork() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: 30, drawerDepthMillimetres: 100, bedWidthMillimetres: 180,
            bedDepthMillimetres: 180)
        request.fillerX = "none"
        request.clearanceMillimetres = Sides(all: 0.75)
        let narrow = #expect(throws: PlateRefusal.self) { try request.wish() }
        #expect(narrow?.items.map(\.nearest) == ["43.5"])
        request.drawerWidthMillimetres = 43.5
        #expect(try Planner.plan(request.wish()).columns == [CellLayout.pitch])

        request.drawerWidthMillimetres = 200
        request.bedWidthMillimetres = 40
        let small = #expect(throws: PlateRefusal.self) { try request.wish() }
        // The outer cells have 15.25 mm of padding and a tab or a socket.
        #expect(small?.items.map(\.field) == ["bedWidthMillimetres"])
        let least = try #require(small?.items.first?.nearest.flatMap(Double.init))
        #expect(least == 42 + 15.25 + 1.18)
        request.bedWidthMillimetres = least
        #expect(try Planner.plan(request.wish()).segments.count == 4)
        request.bedWidthMillimetres = least - 0.0001
        #expect(throws: PlateRefusal.self) { try request.wish() }
    }

    @Test func theLargestRadiusIsSaidAndJustMisses() throws {
        var request = PlateRequest(drawerWidthMillimetres: 100, drawerDepthMillimetres: 110, printer: "prusa-mini")
        request.fillerX = "none"
        request.fillerY = "none"
        request.cornerRadiusMillimetres = 60
        let refusal = #expect(throws: PlateRefusal.self) { try request.wish() }
        let most = try #require(refusal?.items.first?.nearest.flatMap(Double.init))
        // Padding 8 and 13 beside each corner: 4 + 8 + 13 + √(2 · 8 · 13).
        #expect(abs(most - 39.4222) < 0.0001)
        request.cornerRadiusMillimetres = most
        _ = try request.wish()
    }

    @Test func aRequestSurvivesWritingAndReading() throws {
        var request = PlateRequest(drawerWidthMillimetres: 371.5, drawerDepthMillimetres: 254, printer: "bambu-h2s")
        request.clearanceMillimetres = Sides(north: 1, east: 0.5, south: 0, west: 0.25)
        request.columns = [4, 5]
        request.magnets = true
        request.magnetStyle = "glue-from-top"
        request.fillerFractionX = 3
        request.cellOverride = "ccs"
        request.laterFeatures = ["hollow"]
        #expect(try PlateRequest.read(JSON.encode(request)) == request)
    }

    @Test func oneDesignHasOneText() throws {
        let first = #"{"printer":"prusa-core-one","drawerDepthMillimetres":254.0,"drawerWidthMillimetres":371}"#
        let second = """
            {"drawerWidthMillimetres": 371.0, "fillerX": "fraction", "drawerDepthMillimetres": 254,
             "bedDepthMillimetres": 220, "bedWidthMillimetres": 250, "cornerRadiusMillimetres": 4.0,
             "clearanceMillimetres": 0, "magnets": false, "magnetDiameterMillimetres": null,
             "cellOverride": "\(String(repeating: "c", count: 54))"}
            """
        let texts = try [first, second].map { try PlateRequest.read(Array($0.utf8)).wish().canonicalText }
        #expect(texts[0] == texts[1])
        var other = try PlateRequest.read(Array(first.utf8)).wish()
        other.alignmentX = 4
        #expect(other.canonicalText != texts[0])
        #expect(texts[0].hasPrefix("gridflock-plate 1\ndrawer=371,254\nclearance=0,0,0,0\nbed=250,220\nfiller-x=1/2\n"))
    }

    @Test func thereAreUpstreamsTwentyTwoPrinters() {
        #expect(PrinterBed.presets.count == 22)
        #expect(Set(PrinterBed.presets.map(\.key)).count == 22)
        #expect(PrinterBed.preset("elegoo-neptune-4-max")?.size.width == Length(millimetres: 420))
    }
}
