import Kernel
import Testing

@testable import GridGeometry

/// An option that is said while what it belongs to is off is refused by name.
@Suite struct IdleOptionTests {
    struct Option: Sendable, CustomTestStringConvertible {
        let field: String
        let value: String
        /// Field and value that let it count.
        let on: [(String, String)]
        /// Each of them alone, instead of `on`, takes its effect away.
        let off: [[(String, String)]]

        init(_ field: String, _ value: String, on: [(String, String)], off: [[(String, String)]]) {
            self.field = field
            self.value = value
            self.on = on
            self.off = off
        }

        var testDescription: String { field }
    }

    private static func magnets(_ field: String, _ value: String, without other: (String, String)? = nil) -> Option {
        let off = other.map { [[("magnets", "true"), $0]] } ?? []
        return Option(field, value, on: [("magnets", "true")], off: [[], [("magnets", "false")]] + off)
    }

    private static func edge(_ field: String, _ value: String) -> Option {
        Option(field, value, on: [("edgeConnector", "true")], off: [[], [("edgeConnector", "false")]])
    }

    private static let both = [("edgeConnector", "true"), ("magnets", "true")]

    static let options: [Option] = [
        Option("fillerFractionX", "3", on: [], off: [[("fillerX", "none")], [("fillerX", "dynamic")]]),
        Option("fillerFractionY", "3", on: [], off: [[("fillerY", "none")], [("fillerY", "dynamic")]]),
        Option("fillerMinimumXMillimetres", "20", on: [("fillerX", "dynamic")], off: [[], [("fillerX", "none")]]),
        Option("fillerMinimumYMillimetres", "20", on: [("fillerY", "dynamic")], off: [[], [("fillerY", "none")]]),
        Option("intersectionFit", "0.4", on: [], off: [[("intersectionConnector", "false")]]),
        edge("edgeConnectorCountPerCell", "2"), edge("edgeConnectorBarWidthMillimetres", "9"),
        edge("edgeConnectorBarDepthMillimetres", "3"), edge("edgeConnectorNeckWidthMillimetres", "4"),
        edge("edgeConnectorNeckDepthMillimetres", "1"), edge("edgeConnectorGapMillimetres", "0.2"),
        edge("edgeConnectorHeightMillimetres", "2"), edge("edgeConnectorMaleDeltaMillimetres", "0.5"),
        Option(
            "edgeConnectorMagnetBorder", "false", on: both,
            off: [[], [("edgeConnector", "true")], [("magnets", "true")]]),
        Option(
            "edgeConnectorMagnetBorderWidthMillimetres", "3", on: both,
            off: [
                [], [("edgeConnector", "true")], [("magnets", "true")], both + [("edgeConnectorMagnetBorder", "false")],
            ]),
        magnets("magnetStyle", "glue-from-top"), magnets("magnetFrame", "round"),
        magnets("magnetDiameterMillimetres", "6"), magnets("magnetHeightMillimetres", "2"),
        magnets("magnetTopMillimetres", "1", without: ("magnetStyle", "glue-from-top")),
        magnets("magnetBottomMillimetres", "1", without: ("magnetStyle", "glue-from-bottom")),
        Option(
            "magnetBorderMillimetres", "1", on: [("magnets", "true")],
            off: [
                [], [("magnets", "true"), ("magnetStyle", "glue-from-bottom"), ("magnetFrame", "solid")],
            ]),
        magnets("magnetReleaseWidthMillimetres", "0"),
        Option("numberDepthMillimetres", "1", on: [], off: [[("numbering", "false")]]),
        Option("numberSizeMillimetres", "4", on: [("numbering", "true")], off: [[("numbering", "false")]]),
        Option("numberSqueezedSizeMillimetres", "1", on: [], off: [[("numbering", "false")]]),
    ]

    private static func request(_ values: [(String, String)]) throws -> PlateRequest {
        var request = PlateRequest(
            drawerWidthMillimetres: 371, drawerDepthMillimetres: 254, bedWidthMillimetres: 250,
            bedDepthMillimetres: 220)
        for (field, value) in values {
            let isTaken = request.take(value, for: field)
            #expect(isTaken, "\(field)")
        }
        return request
    }

    private static func items(_ request: PlateRequest) -> [PlateRefusal.Item] {
        do {
            _ = try Planner.plan(request.wish())
            return []
        } catch {
            return error.items
        }
    }

    @Test func everyOptionIsInTheTable() {
        #expect(Self.options.map(\.field) == PlateRequest.fields.filter { !$0.needs.isEmpty }.map(\.name))
    }

    @Test(arguments: options)
    func anOptionCountsOnlyWithWhatItBelongsTo(_ option: Option) throws {
        let said = (option.field, option.value)
        #expect(Self.items(try Self.request(option.on + [said])).isEmpty)
        for off in option.off {
            let items = Self.items(try Self.request(off + [said]))
            #expect(items.map(\.field) == [option.field], "\(off): \(items)")
            #expect(items.first?.reason.hasPrefix("has no effect with") == true)
            #expect(items.first?.allowed?.hasSuffix("or not at all") == true)
            // Without it nothing is wrong, and carried along by a saved configuration it changes nothing.
            let without = try Self.request(off)
            #expect(Self.items(without).isEmpty)
            var saved = try Self.request(off + [said])
            saved.savedNames = [option.field]
            #expect(try saved.wish().canonicalText == without.wish().canonicalText)
            #expect(try PlateRequest.read(JSON.encode(saved)) == without)
        }
    }

    @Test(arguments: options)
    func itsValueIsHeldToItsRangeAllTheSame(_ option: Option) throws {
        let field = try #require(PlateRequest.fields.first { $0.name == option.field })
        let bad: String
        switch field.place {
        case .number: bad = "100000"
        case .whole: bad = "-7"
        case .text: bad = "nonsense"
        case .flag, .list, .sides: return
        }
        for switches in option.off + [option.on] {
            for isSaved in [false, true] {
                var request = try Self.request(switches + [(option.field, bad)])
                if isSaved { request.savedNames = [option.field] }
                let items = Self.items(request)
                #expect(items.map(\.field) == [option.field], "\(switches): \(items)")
                #expect(items.first?.reason.hasPrefix("has no effect") == false)
            }
        }
    }

    @Test func whatIsWrongIsToldBesideWhatHasNoEffect() throws {
        let request = try Self.request([
            ("magnetHeightMillimetres", "2"), ("numbering", "false"), ("numberSizeMillimetres", "3"),
            ("cornerRadiusMillimetres", "30"),
        ])
        #expect(
            Self.items(request).map(\.field) == [
                "magnetHeightMillimetres", "numberSizeMillimetres", "cornerRadiusMillimetres",
            ])
    }
}
