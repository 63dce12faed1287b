import FoundationEssentials
import Testing

@testable import GridGeometry

/// A refusal costs little, whatever is asked: whoever asks for what cannot be made pays nothing for it.
@Suite struct RefusalCostTests {
    private static func items(_ json: String) -> [PlateRefusal.Item] {
        do {
            _ = try Planner.plan(PlateRequest.read(Array(json.utf8)).wish())
            return []
        } catch {
            return error.items
        }
    }

    @Test func ofThousandsOfUnknownNamesTwentyAreTold() throws {
        let names = (0..<5_000).map { "\"magnetDiametreMilimetres\($0)\":1" }
        let items = Self.items("{" + names.joined(separator: ",") + "}")
        #expect(items.count == UnknownFields.toldMaximum + 1)
        let first = try #require(items.first)
        #expect(first.field == "magnetDiametreMilimetres0" && first.reason == "is not a field of a plate")
        #expect(first.allowed == "perhaps magnetDiameterMillimetres")
        let last = try #require(items.last)
        #expect(last.reason == "is not a field of a plate, nor are 4979 names beside it" && last.allowed == nil)
    }

    /// Neither the search for what was meant nor the answer grows with the name.
    @Test func ofALongNameTheBeginningIsTold() throws {
        let long = String(repeating: "drawerWidth", count: 1_000)
        let items = Self.items("{\"\(long)\":1}")
        #expect(items.count == 1 && items[0].field.count == 80 && items[0].allowed == nil)
        #expect(long.hasPrefix(items[0].field))
    }

    @Test(arguments: [0, 1, 20, 21, 22])
    func unknownNamesAreCounted(_ count: Int) {
        let items = UnknownFields.items((0..<count).map { "name\($0)" })
        #expect(items.count == min(count, 21))
        #expect(items.last?.reason.contains("nor are") == (count == 0 ? nil : count > 21))
    }

    /// The bed that is wide enough for a plate of too many parts is counted out, and divided twice at most. It is not
    /// far from the narrowest.
    @Test(arguments: [
        (64.0, 64.0, Filler.none, Filler.none), (90, 64, .dynamic(minimum: Length(millimetres: 15)), .none),
        (64, 100, .fraction(2), .fraction(5)),
    ])
    func aWiderBedIsFoundWithTwoDivisions(_ width: Double, _ depth: Double, _ x: Filler, _ y: Filler) throws {
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: 3_000), depth: Length(millimetres: 2_999)),
            bed: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)))
        (wish.fillerX, wish.fillerY) = (x, y)
        func parts(_ bed: Int) -> Int? {
            var wider = wish
            wider.bed.width = Length(millimetres: Double(bed))
            return Planner.partCount(of: wider)
        }
        var divisions = 0
        let nearest = wish.nearestBedWidth { wider in
            divisions += 1
            return Planner.partCount(of: wider)
        }
        #expect(divisions <= 2)
        guard let nearest = nearest.flatMap({ Int($0) }) else {
            #expect(try #require(parts(1_000)) > PlateLimits.parts, "there is one")
            return
        }
        #expect(try #require(parts(nearest)) <= PlateLimits.parts)
        // A bed that is narrower by two cells, and wider than what was asked, does not do.
        let narrower = nearest - 85
        if narrower > Int(width) { #expect(parts(narrower).map { $0 > PlateLimits.parts } ?? true) }
    }

    /// As many parts as cells, in three lists.
    /// On the widest bed there is none wider to look for: it took the process down.
    @Test func tooManyPartsOnTheWidestBedAreRefused() {
        let ones = "[" + (0..<71).map { _ in "1" }.joined(separator: ",") + "]"
        let items = Self.items(
            #"{"drawerWidthMillimetres":3000,"drawerDepthMillimetres":3000,"bedWidthMillimetres":1000,"#
                + #""bedDepthMillimetres":64,"columns":\#(ones)}"#)
        #expect(!items.isEmpty)
        #expect(items.allSatisfy { $0.field != "bedWidthMillimetres" || $0.nearest == nil })
    }

    @Test func aManualSplitOfManyPartsIsMendedAtOnce() {
        func list(_ part: Int) -> String { "[" + (0..<80).map { _ in String(part) }.joined(separator: ",") + "]" }
        let json =
            #"{"drawerWidthMillimetres":3000,"drawerDepthMillimetres":3000,"bedWidthMillimetres":1000,"#
            + #""bedDepthMillimetres":1000,"columns":\#(list(3)),"rowsEven":\#(list(3)),"rowsOdd":\#(list(2))}"#
        let items = Self.items(json)
        #expect(items.map(\.field) == ["columns", "rowsEven", "rowsOdd"])
        #expect(items.allSatisfy { $0.nearest != nil })
    }
}
