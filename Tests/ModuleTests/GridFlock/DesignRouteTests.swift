import Contracts
import FoundationEssentials
import GridFlock
import HTTPWire
import Kernel
import Postgres
import TestKit
import Testing

/// Quotes and designs over REST.
@Suite(.timeLimit(.minutes(5))) struct DesignRouteTests {
    private static let wish = #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"printer":"prusa-core-one"}"#
    private static let path = "/api/v1/gridflock/designs"

    /// A design that is made, by its address.
    private func made(_ api: PlateAPI) async throws -> (path: String, design: Design) {
        let answer = try await api.send(.post, Self.path, Self.wish)
        let id = try #require(answer.json["id"]?.string.flatMap { DesignID($0) })
        let design = try await api.room.designs.design(id)
        try await api.room.generate(design)
        return ("\(Self.path)/\(id)", try await api.room.designs.design(id))
    }

    @Test func aWishIsQuotedWithItsParts() async throws {
        try await PlateAPI.with { api in
            let answer = try await api.send(.post, "/api/v1/gridflock/quotes", Self.wish)
            #expect(answer.status == 200)
            let quote = answer.json
            #expect(quote["partCount"] == 4 && quote["parts"]?.array?.count == 4)
            #expect(quote["plate"]?["widthMillimetres"] == 371 && quote["bed"]?["depthMillimetres"] == 220)
            #expect(quote["wholeCellCount"] == 48 && quote["fractionalCellCount"] == 6 && quote["magnetCount"] == 0)
            #expect(quote["price"]?["currency"] == "EUR")
            #expect(quote["price"]?["amount"]?.string?.contains(".") == true)
            #expect(quote["planSVG"]?.string?.contains("<svg") == true)
            #expect(quote["digest"]?.string?.count == 64)
        }
    }

    @Test func theSameWishIsTheSameDesignHoweverItIsWritten() async throws {
        try await PlateAPI.with { api in
            let first = try await api.send(.post, Self.path, Self.wish)
            let second = try await api.send(
                .post, Self.path,
                #"""
                {"bedDepthMillimetres": 220.0, "bedWidthMillimetres": 250, "numbering": true,
                 "drawerDepthMillimetres": 2.54e2, "drawerWidthMillimetres": 371}
                """#)
            #expect(first.status == 201 && second.status == 200)
            #expect(first.json["id"] == second.json["id"] && first.json["id"]?.string != nil)
            #expect(first.fields["location"] == "\(Self.path)/\(first.json["id"]?.string ?? "")")
            #expect(first.json["state"] == "queued" && first.json["files"] == [])
            let quote = try await api.send(.post, "/api/v1/gridflock/quotes", Self.wish)
            #expect(quote.json["digest"] == first.json["digest"])
        }
    }

    /// An order tells the digest of its wish.
    @Test func aDesignIsFoundByTheDigestOfItsWish() async throws {
        try await PlateAPI.with { api in
            let design = try await api.send(.post, Self.path, Self.wish).json
            _ = try await api.send(.post, Self.path, Self.wish.replacing("371", with: "372"))
            let digest = try #require(design["digest"]?.string)
            let found = try await api.send(.get, "\(Self.path)?digest=\(digest.uppercased())")
            #expect(found.json["items"]?.array?.compactMap { $0["id"] } == [design["id"]].compactMap(\.self))
            let none = try await api.send(.get, "\(Self.path)?digest=\(String(repeating: "0", count: 64))")
            #expect(none.status == 200 && none.json["items"] == [])
            let wrong = try await api.send(.get, "\(Self.path)?digest=\(digest.dropLast())")
            #expect(wrong.status == 422 && wrong.json["field"] == "digest")
        }
    }

    /// Who waits for a design asks again and again.
    @Test func aDesignHasATagThatChangesWithIt() async throws {
        try await PlateAPI.with { api in
            let design = try await api.send(.post, Self.path, Self.wish).json
            let path = "\(Self.path)/\(design["id"]?.string ?? "")"
            let queued = try await api.send(.get, path)
            let tag = try #require(queued.fields["etag"])
            #expect(queued.fields["content-type"] == "application/json" && queued.json == design)
            let again = try await api.send(.get, path, fields: ["if-none-match": tag])
            #expect(again.status == 304 && again.bytes.isEmpty)
            let head = try await api.send(.head, path)
            #expect(head.status == 200 && head.fields["etag"] == tag)
            let id = try #require(design["id"]?.string.flatMap { DesignID($0) })
            _ = try await api.room.firstHalf(api.room.designs.design(id))
            let generating = try await api.send(.get, path, fields: ["if-none-match": tag])
            #expect(generating.status == 200 && generating.json["state"] == "generating")
            #expect(generating.json["files"] == [], "none is told before all are kept")
            #expect(try await api.send(.get, "\(Self.path)/01900000-0000-7000-8000-000000000000").status == 404)
            #expect(try await api.send(.get, "\(Self.path)/7").json["code"] == "not-found")
        }
    }

    @Test func anOperatorsBedIsTakenWhereNoneIsNamedAndKept() async throws {
        try await PlateAPI.with { api in
            let answer = try await api.send(
                .post, Self.path, #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254}"#)
            #expect(answer.status == 201)
            #expect(answer.json["wish"]?["bedWidthMillimetres"] == 250)
        }
    }

    @Test(arguments: [
        (
            #"{"drawerWidthMillimetres":1,"drawerDepthMillimetres":254,"printer":"prusa-mini"}"#,
            "drawerWidthMillimetres"
        ),
        (
            #"{"drawerWidthMillimetres":1e300,"drawerDepthMillimetres":254,"printer":"prusa-mini"}"#,
            "drawerWidthMillimetres"
        ),
        (
            #"{"drawerWidthMillimetres":1e999,"drawerDepthMillimetres":254,"printer":"prusa-mini"}"#,
            "drawerWidthMillimetres"
        ),
        (
            #"{"drawerWidthMillimetres":"wide","drawerDepthMillimetres":254,"printer":"prusa-mini"}"#,
            "drawerWidthMillimetres"
        ),
        (#"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"printer":"no-such"}"#, "printer"),
        (#"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"drawerHeight":1}"#, "drawerHeight"),
        (
            #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"magnets":true,"magnetFrame":"solid"}"#,
            "magnetFrame"
        ),
        (#"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"thumbScrews":true}"#, "thumbScrews"),
    ])
    func whatCannotBeMadeIsRefusedByName(wish: String, field: String) async throws {
        try await PlateAPI.with { api in
            for path in [Self.path, "/api/v1/gridflock/quotes"] {
                let answer = try await api.send(.post, path, wish)
                #expect(answer.status == 422)
                let named = answer.json["fields"]?.array ?? []
                let item = named.first { $0["field"]?.string == field }
                #expect(item?["reason"]?.string != nil, "\(answer.text)")
                if wish.contains("Millimetres\":1,") {
                    #expect(item?["allowed"]?.string == "8.4 to 3000 mm" && item?["nearest"]?.string == "21")
                }
            }
            #expect(try await api.room.designs.page(state: nil, before: nil, limit: 1).isEmpty)
        }
    }

    @Test func brokenBodiesAreTold() async throws {
        try await PlateAPI.with { api in
            let large = "{\"a\":\"" + String(repeating: "x", count: 70_000) + "\"}"
            for (body, status) in [("{", 400), ("", 400), ("[]", 422), (large, 413)] {
                let answer = try await api.send(.post, Self.path, body)
                #expect(answer.status == status)
            }
        }
    }

    @Test func aFileHasATagAndIsFetchedOnce() async throws {
        try await PlateAPI.with { api in
            let (path, design) = try await made(api)
            let shown = try await api.send(.get, path)
            #expect(shown.json["state"] == "ready" && shown.json["files"]?.array?.count == 2)
            let url = try #require(shown.json["files"]?[0]?["url"]?.string)
            let file = try await api.send(.get, url)
            #expect(file.status == 200 && file.fields["content-type"] == "model/stl")
            #expect(file.fields["etag"] == "\"\(design.files[0].digest)\"")
            #expect(file.bytes.count == design.files[0].sizeBytes)
            let again = try await api.send(.get, url, fields: ["if-none-match": "\"\(design.files[0].digest)\""])
            #expect(again.status == 304 && again.bytes.isEmpty && again.fields["etag"] == file.fields["etag"])
            #expect(file.fields["cache-control"] == "private, no-cache")
            #expect(again.fields["cache-control"] == file.fields["cache-control"])
            let beyond = try await api.send(.get, url, fields: ["range": "bytes=\(file.bytes.count)-"])
            #expect(beyond.status == 416 && beyond.json["code"] == "range-not-satisfiable")
            #expect(beyond.fields["content-range"] == "bytes */\(file.bytes.count)")
            #expect(beyond.fields["content-type"] == "application/problem+json")
            let part = try await api.send(.get, url, fields: ["range": "bytes=0-3"])
            #expect(part.status == 206 && part.bytes == Array(file.bytes[0..<4]))
            let other = try await api.send(.get, url, fields: ["if-match": "\"other\""])
            #expect(other.status == 412)
            let svg = try await api.send(.get, path + "/files/plan.svg")
            #expect(svg.fields["content-type"] == "image/svg+xml")
            #expect(svg.fields["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(try await api.send(.get, path + "/files/other.stl").status == 404)
            #expect(try await api.send(.get, path + "/files/..%2f..%2fetc").status == 400)
        }
    }

    @Test func filesThatAreNotThereSayWhen() async throws {
        try await PlateAPI.with { api in
            let answer = try await api.send(.post, Self.path, Self.wish)
            let id = try #require(answer.json["id"]?.string.flatMap { DesignID($0) })
            let path = "\(Self.path)/\(id)"
            let early = try await api.send(.get, path + "/files/segment-1.stl")
            #expect(early.status == 503 && early.fields["retry-after"] == "2" && early.json["code"] == "not-yet")
            #expect(try await api.send(.get, path + "/preview.svg").status == 200, "the plan needs no files")
            let design = try await api.room.designs.design(id)
            try await api.room.bury(design, reason: "Part 3 is no solid.")
            let failed = try await api.send(.get, path + "/files/segment-1.stl")
            #expect(failed.status == 409 && failed.json["detail"]?.string?.contains("Part 3 is no solid.") == true)
            let shown = try await api.send(.get, path)
            #expect(shown.json["state"] == "failed" && shown.json["attention"]?["code"] == "design-not-made")
            #expect(try await api.send(.post, path + "/regenerate").json["state"] == "queued")
        }
    }

    /// Whoever looks every day whether the file is still the same never fetches it again.
    @Test func askingWhetherAFileIsStillTheSameIsAUse() async throws {
        try await PlateAPI.with { api in
            let (path, design) = try await made(api)
            try await api.room.pass(days: 60)
            for file in [path + "/files/segment-1.stl", path + "/files/segment-1.stl"] {
                let known = try await api.send(
                    .get, file, fields: ["if-none-match": "\"\(design.files[0].digest)\""])
                #expect(known.status == 304)
            }
            try await api.room.pass(days: 60)
            try await api.room.evict()
            #expect(try await api.send(.get, path).json["state"] == "ready")
            try await api.room.pass(days: 31)
            try await api.room.evict()
            #expect(try await api.send(.get, path).json["state"] == "evicted")
        }
    }

    @Test func evictedFilesAreMadeAgainOnDemand() async throws {
        try await PlateAPI.with { api in
            let (path, design) = try await made(api)
            try await api.room.pass(days: 91)
            try await api.room.evict()
            #expect(try await api.send(.get, path).json["state"] == "evicted")
            // Who has it already needs no bytes.
            let known = try await api.send(
                .get, path + "/files/segment-1.stl", fields: ["if-none-match": "\"\(design.files[0].digest)\""])
            #expect(known.status == 304)
            // Who only looks does not have it made.
            #expect(try await api.send(.head, path + "/files/segment-1.stl").status == 503)
            #expect(try await api.send(.get, path).json["state"] == "evicted")
            #expect(try await api.send(.get, path + "/files/segment-1.stl").status == 503)
            #expect(try await api.send(.get, path).json["state"] == "queued")
            try await api.room.generate(design)
            let file = try await api.send(.get, path + "/files/segment-1.stl")
            #expect(file.status == 200 && file.fields["etag"] == "\"\(design.files[0].digest)\"")
        }
    }

    @Test func aFileThatIsThereIsGivenWhateverTheDesignSays() async throws {
        try await PlateAPI.with { api in
            let (path, design) = try await made(api)
            let url = path + "/files/segment-1.stl"
            // Its other file is lost, and one that is to be made again cannot be.
            try await api.room.database.execute(
                "DELETE FROM artefacts.artefact WHERE digest = \(design.files[1].digest)")
            #expect(try await api.send(.get, path + "/files/plan.svg").status == 503)
            #expect(try await api.send(.get, path).json["state"] == "queued")
            #expect(try await api.send(.get, url).status == 200)
            // The run is killed before it comes to that file.
            api.room.maker.change { $0.beforeFile = { if $0 == 1 { throw CancellationError() } } }
            await #expect(throws: CancellationError.self) { try await api.room.firstHalf(design) }
            #expect(try await api.send(.get, path).json["state"] == "generating")
            #expect(try await api.send(.get, url).status == 200)
            #expect(try await api.send(.get, path + "/files/plan.svg").status == 503)
            try await api.room.bury(design, reason: "No.")
            #expect(try await api.send(.get, path).json["state"] == "failed")
            #expect(try await api.send(.get, url).status == 200)
            #expect(try await api.send(.get, path + "/files/plan.svg").status == 409)
        }
    }

    @Test func designsAreListedInPages() async throws {
        try await PlateAPI.with { api in
            for width in [100, 200, 300] {
                let wish = #"{"drawerWidthMillimetres":\#(width),"drawerDepthMillimetres":100}"#
                #expect(try await api.send(.post, Self.path, wish).status == 201)
            }
            let first = try await api.send(.get, Self.path + "?limit=2&state=queued")
            #expect(first.json["items"]?.array?.map { $0["drawerWidthMillimetres"] } == [300, 200])
            let cursor = try #require(first.json["nextCursor"]?.string)
            let second = try await api.send(.get, Self.path + "?limit=2&cursor=\(cursor)")
            #expect(second.json["items"]?.array?.map { $0["drawerWidthMillimetres"] } == [100])
            #expect(second.json["nextCursor"] == .null)
            #expect(try await api.send(.get, Self.path + "?state=gone").status == 422)
        }
    }

    @Test func presetsNameEveryPrinterAndField() async throws {
        try await PlateAPI.with { api in
            let presets = try await api.send(.get, "/api/v1/gridflock/presets").json
            #expect((presets["printers"]?.array?.count ?? 0) >= 20)
            #expect(presets["fields"]?.array?.contains("drawerWidthMillimetres") == true)
        }
    }

    @Test func switchedOffNothingAnswers() async throws {
        try await PlateAPI.with(isEnabled: false) { api in
            for (method, path) in [
                (HTTPMethod.get, "/api/v1/gridflock/presets"), (.post, "/api/v1/gridflock/quotes"), (.get, Self.path),
                (.post, Self.path),
            ] {
                let answer = try await api.send(method, path, method == .post ? Self.wish : nil)
                #expect(answer.status == 404 && answer.json["code"] == "feature-off")
                #expect(answer.text.contains("GRIDFLOCK_ENABLED"))
            }
            let storefront = try await api.send(.get, api.signed("/storefront/gridflock/quote"))
            #expect(storefront.status == 404 && !storefront.text.contains("GRIDFLOCK"))
        }
    }
}
