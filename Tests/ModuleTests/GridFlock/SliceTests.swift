import Contracts
import FoundationEssentials
import GridFlock
import GridGeometry
import HTTPWire
import Kernel
import Postgres
import Testing
import TestKit

/// What slicers said, and what it does to quotes.
@Suite(.timeLimit(.minutes(2))) struct SliceTests {
    private static let path = "/api/v1/gridflock/slices"
    private static let wish = #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254}"#
    private static let drawer = [("drawerWidthMillimetres", "371"), ("drawerDepthMillimetres", "254")]

    /// A printer that takes 10 minutes to begin and 3 for each gram.
    private func tell(_ api: PlateAPI, _ number: Int, _ more: String = "") async throws -> PlateAPI.Answer {
        let grams = 10 * number
        return try await api.send(
            .post, Self.path,
            #"{"source":"part-\#(number).gcode","seconds":\#((10 + 3 * grams) * 60),"grams":\#(grams)\#(more)}"#)
    }

    @Test func aSourceCountsOnceAndCanBeForgotten() async throws {
        try await PlateAPI.with { api in
            let first = try await tell(api, 1)
            #expect(first.status == 201 && first.json["material"] == "PLA" && first.json["partCount"] == 1)
            #expect(first.json["recordedAt"]?.string != nil && first.json["infillPercent"] == .null)
            let again = try await tell(api, 1, #","material":"PETG","infillPercent":20.5,"partCount":2"#)
            #expect(again.status == 200 && again.json["id"] == first.json["id"])
            _ = try await tell(api, 2)
            let list = try await api.send(.get, Self.path + "?limit=1")
            #expect(list.json["items"]?.array?.count == 1 && list.json["items"]?[0]?["source"] == "part-2.gcode")
            let cursor = try #require(list.json["nextCursor"]?.string)
            let rest = try await api.send(.get, Self.path + "?cursor=\(cursor)")
            #expect(rest.json["items"]?.array?.count == 1)
            #expect(rest.json["items"]?[0]?["material"] == "PETG")
            #expect(rest.json["items"]?[0]?["infillPercent"] == .decimal(20.5))
            // What is told of again keeps its place.
            _ = try await tell(api, 1, #","partCount":3"#)
            let sources = try await api.send(.get, Self.path).json["items"]?.array?.map { $0["source"]?.string }
            #expect(sources == ["part-2.gcode", "part-1.gcode"])
            let id = try #require(first.json["id"]?.string)
            #expect(try await api.send(.delete, Self.path + "/\(id)").status == 204)
            #expect(try await api.send(.delete, Self.path + "/\(id)").status == 404)
            #expect(try await api.send(.get, Self.path).json["items"]?.array?.count == 1)
        }
    }

    @Test(arguments: [
        (#"{"source":"a","seconds":0,"grams":1}"#, "seconds"),
        (#"{"source":"a","seconds":2592001,"grams":1}"#, "seconds"), (#"{"source":"a","seconds":60}"#, "grams"),
        (#"{"source":"a","seconds":60,"grams":0}"#, "grams"), (#"{"source":"a","seconds":60,"grams":1e300}"#, "grams"),
        (#"{"source":"a","seconds":60,"volumeCubicMillimetres":-1}"#, "volumeCubicMillimetres"),
        (#"{"source":"a","seconds":60,"grams":1,"partCount":0}"#, "partCount"),
        (#"{"source":"a","seconds":60,"grams":1,"infillPercent":101}"#, "infillPercent"),
        (#"{"source":"a","seconds":60,"grams":1,"material":""}"#, "material"),
        (#"{"source":"","seconds":60,"grams":1}"#, "source"), (#"{"seconds":60,"grams":1}"#, "source"),
        (#"{"source":"a","seconds":60,"grams":1,"partNumbers":[1]}"#, "partNumbers"),
    ])
    func whatCannotBeIsRefusedByName(body: String, field: String) async throws {
        try await PlateAPI.with { api in
            let answer = try await api.send(.post, Self.path, body)
            #expect(answer.status == 422, "\(answer.text)")
            let named = answer.json["fields"]?.array?.compactMap { $0["field"]?.string }
            #expect(named == [field], "\(answer.text)")
        }
    }

    /// The fifth slice changes minutes and price of the very quote that was just told, for operators and customers.
    @Test func enoughSlicesCalibrateTheMinutes() async throws {
        let rule = PriceRule(currency: "EUR", perMinute: 1)
        try await PlateAPI.with(priceRule: rule) { api in
            func quotes() async throws -> (operators: JSONValue, customers: JSONValue) {
                let one = try await api.send(.post, "/api/v1/gridflock/quotes", Self.wish).json
                let other = try await api.send(.get, api.signed("/storefront/gridflock/quote", Self.drawer)).json
                #expect(one["price"] == other["price"])
                return (one, other)
            }
            let before = try await quotes().operators
            #expect(before["minutesFrom"] == "estimate" && before["sliceCount"] == 0)
            // Another material and another infill say nothing of this one.
            _ = try await tell(api, 8, #","material":"PETG""#)
            _ = try await tell(api, 9, #","infillPercent":40"#)
            for number in 1...4 { _ = try await tell(api, number, number == 2 ? #","infillPercent":15"# : "") }
            let few = try await quotes().operators
            #expect(few["minutesFrom"] == "estimate" && few["sliceCount"] == 4)
            #expect(few["minutes"] == before["minutes"] && few["price"] == before["price"])
            let last = try await tell(api, 5, #","material":"pla""#)
            let after = try await quotes()
            #expect(after.operators["minutesFrom"] == "slices" && after.operators["sliceCount"] == 5)
            let grams = try #require(after.operators["grams"]?.decimal)
            let minutes = try #require(after.operators["minutes"]?.decimal)
            #expect(abs(minutes - (4 * 10 + 3 * grams)) < 1, "\(minutes) for \(grams) g in four parts")
            #expect(after.operators["price"] != before["price"])
            #expect(after.customers["minutesFrom"] == nil && after.customers["sliceCount"] == nil)
            let id = try #require(last.json["id"]?.string)
            _ = try await api.send(.delete, Self.path + "/\(id)")
            #expect(try await quotes().operators["price"] == before["price"])
        }
    }

    @Test func partsOfADesignHaveTheVolumeThatWasMeasured() async throws {
        try await PlateAPI.with { api in
            let made = try await api.send(.post, "/api/v1/gridflock/designs", Self.wish)
            let id = try #require(made.json["id"]?.string.flatMap { DesignID($0) })
            func tell(_ more: String) async throws -> PlateAPI.Answer {
                try await api.send(.post, Self.path, #"{"source":"bed","seconds":600,"designID":"\#(id)"\#(more)}"#)
            }
            #expect(try await tell("").status == 409, "nothing was measured yet")
            try await api.room.generate(try await api.room.designs.design(id))
            let facts = """
                [{"segments": [1, 3], "volumeCubicMillimetres": 1000.5},
                 {"segments": [2, 4], "volumeCubicMillimetres": 500}]
                """
            try await api.room.database.execute(
                "UPDATE gridflock.design_file SET facts = \(facts)::jsonb WHERE name = 'segment-1.stl'")
            let all = try await tell("")
            #expect(all.status == 201 && all.json["partCount"] == 4)
            #expect(all.json["volumeCubicMillimetres"] == 3001 && all.json["grams"] == .null)
            let some = try await tell(#","partNumbers":[2,3]"#)
            #expect(some.status == 200 && some.json["partCount"] == 2)
            #expect(some.json["volumeCubicMillimetres"] == .decimal(1500.5) && some.json["designID"]?.string == "\(id)")
            for wrong in [#","partNumbers":[5]"#, #","partNumbers":[]"#, #","partNumbers":[1,1]"#] {
                let answer = try await tell(wrong)
                #expect(answer.status == 422 && answer.json["field"] == "partNumbers", "\(answer.text)")
            }
            #expect(try await tell(#","partCount":1"#).json["field"] == "partCount")
            let missing = #"{"source":"a","seconds":1,"designID":"00000000-0000-7000-8000-000000000000"}"#
            #expect(try await api.send(.post, Self.path, missing).status == 404)
        }
    }
}

extension JSONValue {
    fileprivate var decimal: Decimal? {
        switch self {
        case .decimal(let value): value
        case .integer(let value): Decimal(value)
        default: nil
        }
    }
}
