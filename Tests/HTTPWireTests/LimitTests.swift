import HTTPWire
import Testing

@Suite struct LimitTests {
    @Test func aRequestLineMayBeExactlyAsLongAsAllowed() {
        var limits = RequestLimits()
        limits.requestLineBytesMaximum = 100
        let fitting = "GET /" + String(repeating: "a", count: 100 - 14) + " HTTP/1.1"
        #expect(fitting.utf8.count == 100)
        for (line, status) in [(fitting, nil), ("X" + fitting, 414)] {
            let bytes = Array("\(line)\r\nHost: a\r\n\r\n".utf8)
            for size in [1, 3, bytes.count] {
                #expect(Outcome.of(bytes, piecesOf: size, limits: limits).fault?.status == status)
            }
        }
    }

    @Test func fieldsMayBeExactlyAsLongAsAllowed() {
        var limits = RequestLimits()
        limits.fieldsBytesMaximum = 200
        let first = "Host: a\r\n"
        for (extra, status) in [(0, nil), (1, 431)] {
            let second = "X: " + String(repeating: "y", count: 200 - first.utf8.count - 5 + extra) + "\r\n"
            let bytes = Array("GET / HTTP/1.1\r\n\(first)\(second)\r\n".utf8)
            for size in [1, 3, bytes.count] {
                #expect(Outcome.of(bytes, piecesOf: size, limits: limits).fault?.status == status)
            }
        }
    }

    @Test func countsFields() {
        var limits = RequestLimits()
        limits.fieldCountMaximum = 3
        func status(_ count: Int) -> Int? {
            let fields = (1..<count).map { "X-\($0): y\r\n" }.joined()
            return Outcome.of("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n", limits: limits).fault?.status
        }
        #expect(status(3) == nil)
        #expect(status(4) == 431)
    }

    @Test func chunkExtensionsAreLimitedOneByOneAndTogether() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        func chunk(_ extensionBytes: Int) -> String {
            "1;" + String(repeating: "x", count: extensionBytes - 1) + "\r\na\r\n"
        }
        #expect(Outcome.of(head + chunk(256)).fault == nil)
        #expect(Outcome.of(head + chunk(257)).fault?.status == 400)
        #expect(Outcome.of(head + String(repeating: chunk(256), count: 64)).fault == nil)
        #expect(Outcome.of(head + String(repeating: chunk(256), count: 65)).fault?.status == 400)
        // Without a line's end the limit still holds.
        #expect(Outcome.of(head + "1;" + String(repeating: "x", count: 400)).fault?.status == 400)
    }

    @Test func trailersAreLimited() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(Outcome.of(head + "X: " + String(repeating: "y", count: 9_000) + "\r\n\r\n").fault?.status == 431)
        #expect(Outcome.of(head + String(repeating: "X: y\r\n", count: 101) + "\r\n").fault?.status == 431)
        #expect(Outcome.of(head + String(repeating: "X: y\r\n", count: 100) + "\r\n").ends == 1)
    }
}
