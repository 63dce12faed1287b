import GridGeometry
import Kernel
import Testing

@Suite struct UpstreamParametersTests {
    private func wish(_ json: String, set: String? = nil) throws -> PlateWish {
        try UpstreamParameters.read(Array(json.utf8), set: set).wish()
    }

    private func refused(_ json: String) -> [String] {
        do {
            _ = try wish(json)
            return []
        } catch let error as PlateRefusal {
            return error.items.map(\.field)
        } catch {
            return ["unexpected \(error)"]
        }
    }

    @Test func nothingSaidIsUpstreamsDefault() throws {
        let wish = try wish("{}")
        #expect(wish.drawer == Size(width: Length(millimetres: 371), depth: Length(millimetres: 254)))
        #expect(wish.bed == Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
        #expect(wish.magnets == nil && wish.intersectionConnector?.fit == 10 && wish.fillerX == .fraction(2))
    }

    @Test func readsTheCustomizersTexts() throws {
        let json = """
            {"fileFormatVersion": "1", "parameterSets": {
              "kitchen": {"plate_size": "[420, 300.5]", "bed_size": "[256, 256]", "magnets": "true",
                "magnet_style": "0", "magnet_frame_style": "0", "filler_x": "2", "filler_minimum_size": "[10, 12]",
                "edge_adjust": "[1, 0, -1, 0]", "alignment": "[0.3, 1]", "intersection_puzzle_fit": "0.4",
                "number_font": "sans-serif", "cell_override": "", "bottom_chamfer": "[0, 0, 0, 0]",
                "connector_edge_puzzle": "false", "separate_edge_padding": "true", "y_row_count_first": "[0, 0]"},
              "zebra": {"plate_size": "[84, 84]"}}}
            """
        let kitchen = try wish(json, set: "kitchen")
        #expect(kitchen.drawer.depth == Length(millimetres: 300.5))
        #expect(kitchen.magnets?.style == .glueFromTop && kitchen.magnets?.frame == .solid)
        #expect(kitchen.fillerX == .dynamic(minimum: Length(millimetres: 10)))
        #expect(kitchen.fillerY == .fraction(2))
        #expect(
            kitchen.edgeAdjust.north == Length(millimetres: 1) && kitchen.edgeAdjust.south == Length(millimetres: -1))
        #expect(kitchen.alignmentX == 3 && kitchen.alignmentY == 10 && kitchen.intersectionConnector?.fit == 4)
        #expect(kitchen.hasSeparatePadding)
        #expect(try wish(json, set: "zebra").drawer.width == Length(millimetres: 84))
        let unknown = #expect(throws: PlateRefusal.self) { try wish(json, set: "kitchens") }
        #expect(unknown?.items.map(\.field) == ["parameterSets.kitchens"])
        #expect(unknown?.items.first?.allowed == "kitchen, zebra" && unknown?.items.first?.nearest == "kitchen")
    }

    @Test func whichOfSeveralSetsIsMeantHasToBeSaid() throws {
        let one = #"{"parameterSets": {"zebra": {"plate_size": "[84, 84]"}}, "fileFormatVersion": "1"}"#
        #expect(try wish(one).drawer.width == Length(millimetres: 84))
        #expect(try wish(one, set: "zebra").drawer.width == Length(millimetres: 84))
        let two = #"{"parameterSets": {"zebra": {}, "attic": {}}, "fileFormatVersion": "1"}"#
        let refusal = #expect(throws: PlateRefusal.self) { try wish(two) }
        #expect(refusal?.items.map(\.field) == ["parameterSets"])
        #expect(refusal?.items.first?.reason.contains("2 sets") == true)
        #expect(refusal?.items.first?.allowed == "one of attic, zebra")
        #expect(throws: Never.self) { try wish(two, set: "attic") }
        #expect(refused("{}") == [] && refused(#"{"parameterSets": {"a": 1}}"#) == ["parameterSets.a"])
        #expect(throws: PlateRefusal.self) { try wish("{}", set: "attic") }
    }

    static let idle: [(String, String, (String, String)?)] = [
        ("magnet_style", "2", nil), ("magnet_frame_style", "0", nil),
        ("magnet_diameter", "8", ("99", "magnetDiameterMillimetres")),
        ("magnet_height", "3", ("-1", "magnetHeightMillimetres")), ("magnet_top", "1", ("9", "magnetTopMillimetres")),
        ("magnet_bottom", "1", ("9", "magnetBottomMillimetres")),
        ("magnet_border", "1", ("0", "magnetBorderMillimetres")),
        ("magnet_release_width", "0", ("7", "magnetReleaseWidthMillimetres")),
        ("edge_puzzle_count", "2", ("0", "edgeConnectorCountPerCell")),
        ("edge_puzzle_dim", "[12, 3]", ("[12, 99]", "edgeConnectorBarDepthMillimetres")),
        ("edge_puzzle_dim_c", "[4, 1]", ("[99, 1]", "edgeConnectorNeckWidthMillimetres")),
        ("edge_puzzle_gap", "0.2", ("2", "edgeConnectorGapMillimetres")), ("edge_puzzle_magnet_border", "false", nil),
        ("edge_puzzle_magnet_border_width", "3", ("21", "edgeConnectorMagnetBorderWidthMillimetres")),
        ("edge_puzzle_height_female", "2", ("0", "edgeConnectorHeightMillimetres")),
        ("edge_puzzle_height_male_delta", "0.5", ("-1", "edgeConnectorMaleDeltaMillimetres")),
        ("filler_minimum_size", "[20, 20]", ("[20, 43]", "fillerMinimumYMillimetres")),
    ]

    /// A saved file holds every parameter: those of what is off do not count, but none may be nonsense.
    @Test(arguments: idle)
    func whatHasNoEffectIsHeldToItsRange(_ name: String, _ value: String, _ bad: (String, String)?) throws {
        let plain = try wish("{}")
        #expect(try wish("{\"\(name)\": \(value)}").canonicalText == plain.canonicalText)
        guard let bad else { return }
        #expect(refused("{\"\(name)\": \(bad.0)}") == [bad.1])
    }

    @Test func theSameGoesForNumbersFitsAndFractions() throws {
        let off = #""numbering": false, "connector_intersection_puzzle": false, "filler_x": 0, "filler_y": 2"#
        let plain = try wish("{\(off)}").canonicalText
        let options =
            #""number_depth": 1, "number_size": 4, "number_squeeze_size": 1, "intersection_puzzle_fit": 0.2, "#
            + #""filler_fraction": [4, 5]"#
        #expect(try wish("{\(off), \(options)}").canonicalText == plain)
        #expect(refused(#"{"numbering": false, "number_depth": 3}"#) == ["numberDepthMillimetres"])
        #expect(
            refused(#"{"connector_intersection_puzzle": false, "intersection_puzzle_fit": 3}"#) == ["intersectionFit"])
        #expect(refused(#"{"filler_x": 0, "filler_y": 2, "filler_fraction": [9, 2]}"#) == ["fillerFractionX"])
        // What upstream's glued magnets have no skin for is no other design.
        let glued = #""magnets": true, "magnet_style": 0"#
        #expect(try wish("{\(glued), \"magnet_top\": 2}") == wish("{\(glued)}"))
    }

    /// What is said over a file counts as said: it is not forgotten.
    @Test func whatIsSaidOverAFileHasToCount() throws {
        var request = try UpstreamParameters.read(Array(#"{"magnet_height": 3, "numbering": false}"#.utf8))
        #expect(try PlateRequest.read(JSON.encode(request)).wish() == request.wish())
        var said = PlateRequest()
        said.magnets = true
        var both = request
        both.take(said)
        #expect(try both.wish().magnets?.height == Length(millimetres: 3))
        said = PlateRequest()
        said.numberSizeMillimetres = 3
        request.take(said)
        let refusal = #expect(throws: PlateRefusal.self) { try request.wish() }
        #expect(refusal?.items.map(\.field) == ["numberSizeMillimetres"])
    }

    @Test func nearestValuesAreAsUpstreamWritesThem() {
        func nearest(_ json: String) -> [String?] {
            do {
                _ = try wish(json)
                return []
            } catch let error as PlateRefusal {
                return error.items.map(\.nearest)
            } catch {
                return []
            }
        }
        #expect(nearest(#"{"filler_x": 7, "magnets": "yes", "edge_puzzle_count": 1.6}"#) == ["true", "2", "2"])
        #expect(nearest(#"{"x_segment_algorithm": 3, "y_row_count_first": [-1, 2.4]}"#) == ["1", "[0, 2]"])
        #expect(nearest(#"{"BASEPLATE_DIMENSIONS": [50, 50]}"#) == ["[42, 42]"])
        #expect(nearest(#"{"click": true}"#) == ["false"])
    }

    @Test func unknownUnreadableAndLaterOnesAreRefusedByName() {
        #expect(
            refused(#"{"plate_sise": [1, 2], "magnets": "maybe", "filler_x": 7}"#) == [
                "magnets", "filler_x", "plate_sise",
            ])
        #expect(
            refused(#"{"click": true, "thumbscrews": "true", "stacked_print": false}"#) == ["click", "thumbscrews"])
        #expect(refused(#"{"bottom_chamfer": "[0, 0, 0.5, 0]"}"#) == ["bottom_chamfer"])
        #expect(refused(#"{"magnets": true, "magnet_frame_style": 0}"#) == ["magnetFrame"])
        #expect(refused(#"{"BASEPLATE_DIMENSIONS": [50, 50]}"#) == ["BASEPLATE_DIMENSIONS"])
        #expect(refused("[1]") == ["body"])
        #expect(refused(#"{"parameterSets": {}}"#) == ["parameterSets"])
    }

    @Test func firstRowsAndColumnsAreLaidOutAsUpstreamDoes() throws {
        let rows = try wish(#"{"y_row_count_first": [3, 5]}"#)
        #expect(rows.split.rowsEven == [3, 3])
        #expect(rows.split.rowsOdd == [5, 1])
        let columns = try wish(#"{"x_segment_algorithm": 1}"#)
        #expect(columns.split.columns == [5, 4])
        let first = try wish(#"{"x_segment_algorithm": "1", "x_column_count_first": "4"}"#)
        #expect(first.split.columns == [4, 5])
        // Without the incremental algorithm upstream does not look at it.
        #expect(try wish(#"{"x_column_count_first": 4}"#).split.columns == nil)
    }

    /// Upstream's plans of the plates that were measured on it: same columns and rows here, so parts can be compared.
    @Test(arguments: [
        ("{}", [4, 5], [4, 2], [2, 4]),
        (#"{"filler_x": 0, "filler_y": 0}"#, [4, 4], [4, 2], [2, 4]),
        (#"{"filler_x": 2, "filler_y": 2}"#, [4, 5], [4, 2], [2, 4]),
        (#"{"filler_fraction": [3, 3]}"#, [4, 6], [4, 2], [2, 4]),
        (#"{"plate_size": [420, 420]}"#, [5, 5], [5, 5], [2, 5, 3]),
        (#"{"plate_size": [84, 84], "bed_size": [50, 50]}"#, [1, 1], [1, 1], [1, 1]),
        (#"{"connector_intersection_puzzle": false}"#, [4, 5], [4, 2], [2, 4]),
    ])
    func measuredPlatesAreCutAsUpstreamCutsThem(_ json: String, _ columns: [Int], _ even: [Int], _ odd: [Int]) throws {
        var request = try UpstreamParameters.read(Array(json.utf8), set: nil)
        request.cutLikeUpstream()
        let plan = try Planner.plan(request.wish())
        func rows(_ column: Int) -> [Int] {
            plan.segments.filter { $0.columns.contains(column) }.map(\.rows.count)
        }
        #expect(plan.segments.filter { $0.rows.contains(0) }.map(\.columns.count) == columns)
        #expect(rows(0) == even)
        #expect(rows(plan.columns.count - 1) == odd)
        #expect(plan.segments.map(\.number) == Array(1...plan.segments.count))
    }
}
