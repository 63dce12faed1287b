import HTTPWire
import Synchronization
import Testing

@Suite struct ContentCodingTests {
    static let wishes: [([String], Bool)] = [
        ([], false), ([""], false), (["gzip"], true), (["GZip"], true), (["x-gzip"], true),
        (["deflate, gzip, br"], true),
        (["deflate", "gzip"], true), (["br"], false), (["*"], true), (["gzip;q=0"], false), (["gzip;q=0.000"], false),
        (["gzip; q=0.5"], true), (["gzip ;\tQ=0.001"], true), (["*;q=0"], false), (["gzip;q=0, *"], false),
        (["*;q=0, gzip"], true), (["identity"], false), (["identity;q=0"], false), (["identity;q=0, gzip;q=0"], false),
        (["gzip;q=0.5, identity"], false), (["gzip, identity;q=0.5"], true), (["gzip;q=1, identity;q=1"], true),
        (["identity;q=0, *"], true), (["gzip;q=1.000"], true), (["x-gzip;q=0, gzip"], true),
        // No weights: the member does not count.
        (["gzip;q=1.001"], false), (["gzip;q=2"], false), (["gzip;q=0.1234"], false), (["gzip;q=-1"], false),
        (["gzip;q="], false), (["gzip;q=.5"], false), (["gzip;q"], false), (["gzip;level=9"], false),
        (["gzip;q=1;q=0"], false),
        (["gzip;q=1e"], false), (["gzip zip"], false), ([";q=1"], false), ([",,;;,q=1"], false),
    ]

    @Test(arguments: wishes)
    func readsWhatAClientWants(_ lines: [String], _ isGzip: Bool) {
        #expect(AcceptEncoding.prefersGzip(lines) == isGzip)
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON; charset=utf-8", true), ("text/html;charset=utf-8", true),
        ("application/problem+json", true), ("image/svg+xml", true), ("text/event-stream", false), ("image/png", false),
        ("application/pdf", false), ("application/zip", false), ("", false), ("application/jsonx", false),
    ])
    func someMediaTypesAreWorthIt(_ type: String, _ isCompressible: Bool) {
        #expect(ContentCoding.isCompressible(mediaType: type) == isCompressible)
    }

    private static let text = Array(String(repeating: "Where is my order? ", count: 100).utf8)

    private func response(_ fields: HTTPFields = [:], status: HTTPStatus = 200, body: [UInt8] = text) -> HTTPResponse {
        var response = HTTPResponse.json(body, status: status)
        for field in fields.fields { response.fields[field.name] = field.value }
        return response
    }

    private func apply(_ response: HTTPResponse, accept: String? = "gzip") async -> HTTPResponse {
        var fields = HTTPFields()
        fields["accept-encoding"] = accept
        return await ContentCoding().apply(to: response, requestFields: fields)
    }

    private func inflated(_ response: HTTPResponse) throws -> [UInt8] {
        var inflater = try Inflater(format: .gzip)
        var output: [UInt8] = []
        _ = try inflater.inflate((response.bodyBytes ?? [])[...], into: &output, outputBytesMaximum: 1_000_000)
        return output
    }

    @Test func compressesForWhoWantsIt() async throws {
        let coded = await apply(response(["etag": "\"v1\"", "accept-ranges": "bytes"]))
        #expect(coded.fields["content-encoding"] == "gzip")
        #expect(coded.fields["vary"] == "accept-encoding")
        #expect(coded.fields["etag"] == "W/\"v1\"")
        #expect(coded.fields["accept-ranges"] == nil)
        #expect(try inflated(coded) == Self.text)
        #expect((coded.bodyBytes?.count ?? .max) < Self.text.count)
    }

    @Test func theBytesAreTheSameEveryTime() {
        let first = ContentCoding.gzip(Self.text)
        #expect(first == ContentCoding.gzip(Self.text))
        // RFC 1952 §2.3: the magic, deflate, no flags, and no time.
        #expect(first?.prefix(8).elementsEqual([0x1F, 0x8B, 8, 0, 0, 0, 0, 0]) == true)
    }

    @Test func whoDoesNotWantItIsToldThatOthersMight() async {
        let plain = await apply(response(["etag": "\"v1\""]), accept: nil)
        #expect(plain.bodyBytes == Self.text)
        #expect(plain.fields["content-encoding"] == nil)
        #expect(plain.fields["vary"] == "accept-encoding")
        #expect(plain.fields["etag"] == "\"v1\"")
    }

    static let untouched: [(HTTPFields, Int, Int)] = [
        ([:], 204, 2_000), ([:], 304, 2_000), ([:], 206, 2_000),
        (["cache-control": "max-age=1, No-Transform"], 200, 2_000),
        (["content-encoding": "br"], 200, 2_000), (["content-type": "image/png"], 200, 2_000), ([:], 200, 1_023),
    ]

    @Test(arguments: untouched)
    func leavesTheRestAlone(_ fields: HTTPFields, _ status: Int, _ count: Int) async {
        let given = response(fields, status: HTTPStatus(status), body: Array(repeating: 0x61, count: count))
        let answer = await apply(given)
        #expect(answer.fields == given.fields)
        #expect(answer.bodyBytes == given.bodyBytes)
    }

    @Test func aStreamGoesAsItIs() async {
        let answer = await apply(
            HTTPResponse(fields: ["content-type": "text/plain"], body: .stream(lengthBytes: 5_000) { nil }))
        #expect(answer.fields["content-encoding"] == nil)
    }

    @Test func whatDoesNotShrinkGoesAsItIs() async {
        var state: UInt64 = 1
        let noise = (0..<2_000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let answer = await apply(response(body: noise))
        #expect(answer.bodyBytes == noise)
        #expect(answer.fields["content-encoding"] == nil)
    }

    @Test func whatIsLargeIsCompressedElsewhere() async throws {
        let calls = Mutex(0)
        let coding = ContentCoding { work in
            calls.withLock { $0 += 1 }
            return work()
        }
        let fields: HTTPFields = ["accept-encoding": "gzip"]
        _ = await coding.apply(to: response(body: Array(repeating: 0x61, count: 65_536)), requestFields: fields)
        #expect(calls.withLock { $0 } == 0)
        let large = Array(repeating: UInt8(0x61), count: 65_537)
        #expect(try inflated(await coding.apply(to: response(body: large), requestFields: fields)) == large)
        #expect(calls.withLock { $0 } == 1)
        let busy = await ContentCoding { _ in nil }.apply(to: response(body: large), requestFields: fields)
        #expect(busy.bodyBytes == large)
    }

    @Test(
        arguments: [
            (nil, "accept-encoding"), ("origin", "origin, accept-encoding"), ("Accept-Encoding", "Accept-Encoding"),
            ("*", "*"), ("origin , ACCEPT-ENCODING", "origin , ACCEPT-ENCODING"),
        ] as [(String?, String)])
    func varyNamesItOnce(_ given: String?, _ result: String) {
        var fields = HTTPFields()
        fields["vary"] = given
        ContentCoding.addVary("accept-encoding", to: &fields)
        #expect(fields.values("vary") == [result])
    }
}
