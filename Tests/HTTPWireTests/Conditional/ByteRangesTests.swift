import HTTPWire
import Testing

@Suite struct ByteRangesTests {
    static let rows: [(String, ByteRanges)] = [
        // RFC 9110 §14.1.2's examples, of 10,000 bytes.
        ("bytes=0-499", .some([0..<500])), ("bytes=500-999", .some([500..<1_000])),
        ("bytes=-500", .some([9_500..<10_000])),
        ("bytes=9500-", .some([9_500..<10_000])), ("bytes=0-0,-1", .some([0..<1, 9_999..<10_000])),
        ("bytes= 0-999, 4500-5499, -1000", .some([0..<1_000, 4_500..<5_500, 9_000..<10_000])),
        ("bytes=500-600,601-999", .some([500..<601, 601..<1_000])), ("bytes=500-700,601-999", .whole),
        ("BYTES=0-0", .some([0..<1])), ("bytes=9999-10000", .some([9_999..<10_000])),
        ("bytes=-20000", .some([0..<10_000])),
        ("bytes=0-18446744073709551616", .some([0..<10_000])), ("bytes=0-9223372036854775807", .some([0..<10_000])),
        ("bytes=-99999999999999999999999999", .some([0..<10_000])), ("bytes=,0-1,,", .some([0..<2])),
        // Nobody can have them; beside one that somebody can, they do not count.
        ("bytes=10000-", .unsatisfiable), ("bytes=10000-10001", .unsatisfiable), ("bytes=-0", .unsatisfiable),
        ("bytes=18446744073709551616-", .unsatisfiable), ("bytes=99999-,10000-", .unsatisfiable),
        ("bytes=10000-,0-1", .some([0..<2])), ("bytes=9223372036854775807-9223372036854775807", .unsatisfiable),
        // No ranges at all.
        ("bytes=1-0", .whole), ("bytes=0-1,1-0", .whole), ("bytes=", .whole), ("bytes", .whole), ("", .whole),
        ("bytes=-", .whole), ("bytes=a-b", .whole), ("bytes=+1-2", .whole), ("bytes=0x1-2", .whole),
        ("bytes=1--2", .whole),
        ("bytes =0-1", .whole), ("bytes=0 -1", .whole), ("bytes=0- 1", .whole), ("lines=0-1", .whole),
        ("bytes:0-1", .whole),
        ("bytes=0-1;2-3", .whole), ("bytes=0", .whole), ("bytes=0-1,bytes=4-5", .whole), ("bytes=٠-١", .whole),
    ]

    @Test(arguments: rows)
    func reads(_ value: String, _ ranges: ByteRanges) {
        #expect(ByteRanges(value, lengthBytes: 10_000) == ranges)
    }

    @Test func manyRangesAreTheWhole() {
        func value(_ count: Int) -> String {
            "bytes=" + (0..<count).map { "\($0 * 4)-\($0 * 4)" }.joined(separator: ",")
        }
        #expect(ByteRanges(value(17), lengthBytes: 10_000) == .whole)
        #expect(ByteRanges(value(16), lengthBytes: 10_000) != .whole)
        #expect(ByteRanges("bytes=" + String(repeating: "0-,", count: 10_000), lengthBytes: 10_000) == .whole)
    }

    @Test func ofNothing() {
        #expect(ByteRanges("bytes=0-", lengthBytes: 0) == .unsatisfiable)
        #expect(ByteRanges("bytes=-5", lengthBytes: 0) == .whole)
        #expect(ByteRanges("bytes=-0", lengthBytes: 0) == .unsatisfiable)
    }

    // MARK: Whole answers made partial

    private let whole = HTTPResponse(
        fields: [
            "content-type": "text/plain", "etag": "\"v1\"", "last-modified": "Sun, 06 Nov 1994 08:49:37 GMT",
            "cache-control": "no-cache", "vary": "accept-encoding", "accept-ranges": "bytes",
        ], body: .bytes(Array("0123456789".utf8)))

    private func answer(_ fields: HTTPFields, method: HTTPMethod = .get) -> HTTPResponse {
        ConditionalAnswer.answer(
            to: HTTPRequest(method: method, path: "/", fields: fields), whole: whole,
            validators: .init(entityTag: EntityTag("v1"), lastModifiedUnixSeconds: 784_111_777), currentYear: 2026)
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.bodyBytes ?? [], as: UTF8.self) }

    @Test func oneRange() {
        let response = answer(["Range": "bytes=2-4"])
        #expect(response.status == 206)
        #expect(text(response) == "234")
        #expect(response.fields["content-range"] == "bytes 2-4/10")
        #expect(response.fields["content-type"] == "text/plain")
        #expect(response.fields["etag"] == "\"v1\"")
    }

    @Test func severalRanges() {
        let response = answer(["Range": "bytes=-1,0-1"])
        #expect(response.status == 206)
        #expect(response.fields["content-type"] == "multipart/byteranges; boundary=forma3d-part-10")
        #expect(response.fields["content-range"] == nil)
        #expect(
            text(response) == """
                --forma3d-part-10\r
                content-type: text/plain\r
                content-range: bytes 9-9/10\r
                \r
                9\r
                --forma3d-part-10\r
                content-type: text/plain\r
                content-range: bytes 0-1/10\r
                \r
                01\r
                --forma3d-part-10--\r\n
                """)
    }

    @Test func theBoundaryIsNoPartOfTheContent() throws {
        let content = "xx forma3d-part-32 forma3d-part-"
        let response = ConditionalAnswer.answer(
            to: HTTPRequest(method: .get, path: "/", fields: ["Range": "bytes=3-17,20-21"]),
            whole: HTTPResponse(body: .bytes(Array(content.utf8))), validators: .init(), currentYear: 2026)
        #expect(content.utf8.count == 32)
        #expect(response.fields["content-type"] == "multipart/byteranges; boundary=forma3d-part-33")
    }

    @Test func aRangeNobodyCanHave() {
        let response = answer(["Range": "bytes=10-"])
        #expect(response.status == 416)
        #expect(response.fields["content-range"] == "bytes */10")
        #expect(response.bodyBytes == [])
    }

    @Test func theWholeForWhoAsksForIt() {
        for fields: HTTPFields in [
            [:], ["Range": "bytes=0-1", "If-Range": "\"v0\""], ["Range": "lines=1"], ["If-None-Match": "\"v0\""],
            ["Range": "bytes=0-1", "range": "bytes=4-5"],
        ] {
            #expect(answer(fields).status == 200)
            #expect(text(answer(fields)) == "0123456789")
        }
        #expect(answer(["Range": "bytes=0-1"], method: .head).status == 200)
    }

    @Test func whatIsNotModifiedKeepsWhatCachesNeed() {
        let response = answer(["If-None-Match": "W/\"v1\"", "Range": "bytes=0-1"])
        #expect(response.status == 304)
        #expect(response.fields.fields.map(\.name) == ["etag", "cache-control", "vary"])
        #expect(response.bodyBytes == [])
        #expect(answer(["If-Match": "\"v0\""]).status == 412)
    }
}
