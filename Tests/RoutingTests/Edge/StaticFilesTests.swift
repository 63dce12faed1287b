import FoundationEssentials
import HTTPWire
import Kernel
import Routing
import Testing

@Suite struct StaticFilesTests {
    private static let script = Array(String(repeating: "console.log('order');\n", count: 100).utf8)
    private static let page = Array("<!doctype html><p>Orders".utf8)

    private func gateway(_ files: [StaticFile], under prefix: String = "/dashboard") throws -> Gateway {
        let time = Time { Date(timeIntervalSince1970: 1_700_000_000) }
        let routes = try StaticFiles(files).routes(
            under: prefix, tag: "Pages", access: .open, fields: ["content-security-policy": "default-src 'self'"],
            time: time)
        return try Gateway(routes: routes, authenticate: { _, _ in }, onError: { _, _, _ in })
    }

    private func files() -> [StaticFile] {
        [
            StaticFile(path: "index.html", bytes: Self.page, lastModifiedUnixSeconds: 784_111_777),
            StaticFile(path: "assets/app.3f2a91.js", bytes: Self.script, hash: "3f2a91", cachePolicy: .immutable),
        ]
    }

    private func get(
        _ path: String, _ fields: HTTPFields = [:], method: HTTPMethod = .get
    ) async throws -> HTTPResponse {
        try await gateway(files()).respond(to: HTTPRequest(method: method, path: path, fields: fields))
    }

    @Test func servesAFileWithAllThatIsSaidOfIt() async throws {
        let response = try await get("/dashboard/index.html")
        #expect(response.status == 200)
        #expect(response.bodyBytes == Self.page)
        #expect(response.fields["content-type"] == "text/html; charset=utf-8")
        #expect(response.fields.values("cache-control") == ["no-cache"])
        #expect(response.fields["last-modified"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(response.fields["accept-ranges"] == "bytes")
        #expect(response.fields.values("x-content-type-options") == ["nosniff"])
        #expect(response.fields.values("content-security-policy") == ["default-src 'self'"])
        #expect(response.fields["vary"] == nil)
        #expect(try await get("/dashboard").bodyBytes == Self.page)
    }

    @Test func anImmutableFileIsKeptForAYear() async throws {
        let response = try await get("/dashboard/assets/app.3f2a91.js")
        #expect(response.fields["cache-control"] == "public, max-age=31536000, immutable")
        #expect(response.fields["etag"] == "\"3f2a91\"")
        #expect(response.fields["vary"] == "accept-encoding")
        #expect(response.fields["content-type"] == "text/javascript; charset=utf-8")
    }

    @Test func theGzipFormHasATagOfItsOwn() async throws {
        let path = "/dashboard/assets/app.3f2a91.js"
        let coded = try await get(path, ["accept-encoding": "gzip"])
        #expect(coded.fields["content-encoding"] == "gzip")
        #expect(coded.fields["etag"] == "\"3f2a91-gzip\"")
        #expect(coded.bodyBytes == ContentCoding.gzip(Self.script, level: 9))
        let again = try await get(path, ["accept-encoding": "gzip", "if-none-match": "\"3f2a91-gzip\""])
        #expect(again.status == 304)
        #expect(again.fields["vary"] == "accept-encoding")
        #expect(again.fields["etag"] == "\"3f2a91-gzip\"")
        #expect(again.fields["content-encoding"] == nil)
        // The tag of the plain form names other bytes.
        #expect(try await get(path, ["accept-encoding": "gzip", "if-none-match": "\"3f2a91\""]).status == 200)
    }

    @Test func aRangeIsCutFromThePlainForm() async throws {
        let path = "/dashboard/assets/app.3f2a91.js"
        let part = try await get(path, ["accept-encoding": "gzip", "range": "bytes=0-6"])
        #expect(part.status == 206)
        #expect(part.bodyBytes == Array("console".utf8))
        #expect(part.fields["content-encoding"] == nil)
        #expect(part.fields["etag"] == "\"3f2a91\"")
        let beyond = try await get(path, ["range": "bytes=99999-"])
        #expect(beyond.status == 416)
        #expect(beyond.fields["content-range"] == "bytes */\(Self.script.count)")
        #expect(beyond.fields["content-type"] == "application/problem+json")
    }

    @Test func headIsToldWhatGetWouldBe() async throws {
        for fields: HTTPFields in [[:], ["accept-encoding": "gzip"]] {
            let whole = try await get("/dashboard/assets/app.3f2a91.js", fields)
            let head = try await get("/dashboard/assets/app.3f2a91.js", fields, method: .head)
            func own(_ response: HTTPResponse) -> [HTTPFields.Field] {
                response.fields.fields.filter { !["x-correlation-id", "x-request-id"].contains($0.name) }
            }
            #expect(own(head) == own(whole))
            #expect(head.bodyBytes == whole.bodyBytes)
        }
    }

    @Test func conditionsByDateAndByTag() async throws {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(try await get("/dashboard", ["if-modified-since": date]).status == 304)
        #expect(try await get("/dashboard", ["if-modified-since": "Sunday, 06-Nov-94 08:49:36 GMT"]).status == 200)
        let failed = try await get("/dashboard", ["if-match": "\"other\""])
        #expect(failed.status == 412)
        #expect(failed.fields["content-type"] == "application/problem+json")
    }

    @Test(arguments: [
        "/dashboard/../dashboard/index.html", "/dashboard/%2e%2e/secret", "/dashboard/..%2fsecret",
        "/dashboard/index.html/",
        "/dashboard/./index.html", "/dashboard//index.html", "/dashboard/assets", "/dashboard/%00",
        "/dashboard/INDEX.HTML",
        "/dashboard/assets%2fapp.3f2a91.js", "/dashboard\\index.html",
    ])
    func nothingElseIsThere(_ path: String) async throws {
        let status = try await get(path).status.code
        #expect(status == 404 || status == 400, "\(status)")
    }

    @Test(arguments: ["", "/a", "a//b", "../a", "a/../b", "a/./b", "a\\b", "{a}", "a/", "a\nb"])
    func aPathThatIsNotPlainIsRefusedAtStart(_ path: String) {
        #expect(throws: StaticFiles.Refusal.self) { try StaticFiles([StaticFile(path: path, bytes: [])]) }
    }

    @Test func twoFilesOfOnePathAreRefused() {
        let file = StaticFile(path: "a", bytes: [])
        #expect(throws: StaticFiles.Refusal.self) { try StaticFiles([file, file]) }
    }

    @Test func theTagNamesTheContent() {
        let one = StaticFile(path: "a.txt", bytes: [1, 2, 3]).entityTag
        #expect(one != nil)
        #expect(StaticFile(path: "b.txt", bytes: [1, 2, 3]).entityTag == one)
        #expect(StaticFile(path: "a.txt", bytes: [1, 2, 4]).entityTag != one)
        #expect(StaticFile(path: "a.txt", bytes: []).entityTag?.description == "\"cbf29ce484222325-0\"")
    }

    @Test func thePartsOfTheRootAnswerAtTheRoot() async throws {
        let gateway = try gateway(
            [StaticFile(path: "index.html", bytes: [1]), StaticFile(path: "help/index.html", bytes: [2])], under: "")
        for (path, byte) in [("/", 1), ("/index.html", 1), ("/help", 2), ("/help/index.html", 2)] as [(String, UInt8)] {
            #expect(await gateway.respond(to: HTTPRequest(method: .get, path: path)).bodyBytes == [byte], "\(path)")
        }
    }
}
