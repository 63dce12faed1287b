import HTTPWire
import Testing

@Suite struct ResponseTests {
    private func head(
        _ response: HTTPResponse, minorVersion: Int = 1, isClosing: Bool = false
    ) throws -> String {
        var output: [UInt8] = []
        try ResponseEncoder.appendHead(
            of: response, minorVersion: minorVersion, date: DateLine(unixSeconds: 784_111_777), isClosing: isClosing,
            to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private let unknownLength = HTTPResponse(body: .stream(lengthBytes: nil) { nil })

    @Test func writesOneFraming() throws {
        #expect(try head(.text("abc")).contains("\r\ncontent-length: 3\r\n"))
        #expect(try head(unknownLength).contains("\r\ntransfer-encoding: chunked\r\n"))
        #expect(try !head(unknownLength).contains("content-length"))
        #expect(try !head(unknownLength, minorVersion: 0).contains("transfer-encoding"))
        let known = HTTPResponse(body: .stream(lengthBytes: 7) { nil })
        #expect(try head(known).contains("\r\ncontent-length: 7\r\n"))
    }

    @Test func aHandlersFramingIsDropped() throws {
        let response = HTTPResponse(
            fields: ["Content-Length": "99", "Transfer-Encoding": "gzip", "Connection": "x", "X": "y"],
            body: .bytes([1]))
        let text = try head(response)
        #expect(text == "HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\nx: y\r\ncontent-length: 1\r\n\r\n")
    }

    @Test(arguments: [204, 304])
    func someStatusesHaveNoBody(_ status: Int) throws {
        let response = HTTPResponse(status: HTTPStatus(status), body: .bytes([1, 2]))
        #expect(try !head(response).contains("content-length"))
        #expect(ResponseEncoder.bodyEncoding(of: response, isHead: false, minorVersion: 1) == .none)
    }

    @Test func headHasTheLengthAndNoBody() throws {
        #expect(try head(.text("abc")).contains("content-length: 3"))
        #expect(ResponseEncoder.bodyEncoding(of: .text("abc"), isHead: true, minorVersion: 1) == .none)
        #expect(ResponseEncoder.bodyEncoding(of: unknownLength, isHead: false, minorVersion: 0) == .untilClose)
    }

    @Test func saysWhetherTheConnectionStays() throws {
        #expect(try head(.text(""), isClosing: true).contains("connection: close"))
        #expect(try head(.text(""), minorVersion: 0).contains("connection: keep-alive"))
        #expect(try !head(.text("")).contains("connection"))
    }

    @Test(arguments: [
        ("x", "a\r\nSet-Cookie: b"), ("x", "a\nb"), ("x", "a\u{0}b"), ("x\r\n", "a"), ("x y", "a"), ("", "a"),
        ("x:", "a"),
    ])
    func refusesToSplitTheAnswer(_ name: String, _ value: String) {
        #expect(throws: ResponseEncoder.Refusal.self) { try head(HTTPResponse(fields: HTTPFields([(name, value)]))) }
    }

    @Test(arguments: [0, 100, 101, 199, 600, 1000])
    func refusesStatusesThatAreNoAnswer(_ status: Int) {
        #expect(throws: ResponseEncoder.Refusal.self) { try head(HTTPResponse(status: HTTPStatus(status))) }
    }

    @Test func chunksAPiece() {
        var output: [UInt8] = []
        ResponseEncoder.appendChunk(Array(repeating: 0x61, count: 26), to: &output)
        ResponseEncoder.appendChunk([], to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "1a\r\n" + String(repeating: "a", count: 26) + "\r\n")
    }

    @Test(arguments: [
        (Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func formatsDates(_ seconds: Int64, _ text: String) {
        #expect(HTTPDate.format(unixSeconds: seconds) == text)
    }

    @Test func bodiesAreCollectedUpToTheirLimit() async throws {
        #expect(try await HTTPBody.bytes([1, 2, 3]).collect(limitBytes: 3) == [1, 2, 3])
        await #expect(throws: HTTPBody.Failure.tooLarge(limitBytes: 2)) {
            try await HTTPBody.bytes([1, 2, 3]).collect(limitBytes: 2)
        }
        let unannounced = HTTPBody(lengthBytes: nil) { [1, 2] }
        await #expect(throws: HTTPBody.Failure.tooLarge(limitBytes: 5)) { try await unannounced.collect(limitBytes: 5) }
    }
}
