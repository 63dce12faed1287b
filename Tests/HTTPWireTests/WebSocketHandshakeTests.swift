import HTTPWire
import Testing

/// RFC 6455 §4.2: what makes a request a WebSocket.
@Suite struct WebSocketHandshakeTests {
    private static let good: [(String, String)] = [
        ("Host", "a"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
    ]

    private func request(
        without name: String? = nil, with more: [(String, String)] = [],
        _ change: (inout HTTPRequest) -> Void = { _ in }
    ) -> HTTPRequest {
        let fields = Self.good.filter { $0.0 != name } + more
        var request = HTTPRequest(method: .get, path: "/ws", fields: HTTPFields(fields))
        change(&request)
        return request
    }

    private func accept(
        _ request: HTTPRequest, _ settings: WebSocketSettings = WebSocketSettings(allowedOrigins: nil)
    ) throws -> WebSocketUpgrade {
        try WebSocketHandshake.accept(request, settings: settings) { _ in }
    }

    private func refusal(
        _ request: HTTPRequest, _ settings: WebSocketSettings = WebSocketSettings(allowedOrigins: nil)
    ) -> Int? {
        do {
            _ = try accept(request, settings)
            return nil
        } catch {
            return (error as? WebSocketHandshake.Refusal)?.status
        }
    }

    /// §1.3.
    @Test func theKeyIsAnswered() throws {
        #expect(WebSocketHandshake.acceptValue(forKey: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        let upgrade = try accept(request())
        #expect(upgrade.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(upgrade.fields.fields.count == 1)
        #expect(upgrade.deflate == nil)
    }

    @Test(arguments: [
        ("Upgrade", "WebSocket"), ("Upgrade", "h2c, websocket"), ("Connection", "keep-alive, upgrade"),
        ("Connection", "UPGRADE"), ("Connection", "keep-alive ,\tUpgrade , x"),
    ])
    func listsAndCaseAreHeeded(_ name: String, _ value: String) {
        #expect(refusal(request(without: name, with: [(name, value)])) == nil)
    }

    @Test(arguments: ["Upgrade", "Connection", "Sec-WebSocket-Version"])
    func whatIsMissingIs426(_ name: String) {
        #expect(refusal(request(without: name)) == 426)
    }

    @Test(arguments: [
        ("Upgrade", "h2c", 426), ("Upgrade", "websockets", 426), ("Upgrade", "websocket/2", 426),
        ("Connection", "close", 426),
        ("Sec-WebSocket-Version", "8", 426), ("Sec-WebSocket-Version", "13, 8", 426),
        ("Sec-WebSocket-Version", "013", 426),
        ("Sec-WebSocket-Key", "", 400), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=", 400),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ===", 400), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j====", 400),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j*Q==", 400), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAAA", 400),
    ])
    func whatIsWrongIsSaid(_ name: String, _ value: String, _ status: Int) {
        #expect(refusal(request(without: name, with: [(name, value)])) == status)
    }

    @Test(arguments: [
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", 400), ("Sec-WebSocket-Version", "13", 426),
        ("Sec-WebSocket-Extensions", "a b", 400), ("Sec-WebSocket-Protocol", "a b", 400),
        ("Sec-WebSocket-Protocol", "a, a", 400),
    ])
    func whatIsTooMuchOrUnreadableIsSaid(_ name: String, _ value: String, _ status: Int) {
        #expect(refusal(request(with: [(name, value)])) == status)
    }

    @Test func onlyGETOfHTTP11WithoutABody() {
        #expect(refusal(request { $0.method = .post }) == 400)
        #expect(refusal(request { $0.minorVersion = 0 }) == 426)
        #expect(refusal(request { $0.body = .bytes([1]) }) == 400)
        #expect(refusal(request { $0.body = HTTPBody(lengthBytes: nil) { nil } }) == 400)
    }

    @Test func missingKeyIs400() {
        #expect(refusal(request(without: "Sec-WebSocket-Key")) == 400)
    }

    @Test func originsAreOnAList() {
        let settings = WebSocketSettings(allowedOrigins: ["https://shop.example"])
        #expect(refusal(request(with: [("Origin", "https://shop.example")]), settings) == nil)
        #expect(refusal(request(), settings) == nil)
        for origin in ["https://shop.example.evil", "http://shop.example", "null", "", "https://SHOP.example"] {
            #expect(refusal(request(with: [("Origin", origin)]), settings) == 403)
        }
        #expect(refusal(request(with: [("Origin", "a"), ("Origin", "b")])) == 400)
        #expect(refusal(request(with: [("Origin", "https://anywhere.example")])) == nil)
    }

    @Test func theServersMostWantedSubprotocolWins() throws {
        var settings = WebSocketSettings(allowedOrigins: nil)
        settings.subprotocols = ["v2", "v1"]
        let both = try accept(
            request(with: [("Sec-WebSocket-Protocol", "v1, x"), ("Sec-WebSocket-Protocol", "v2")]), settings)
        #expect(both.subprotocol == "v2")
        #expect(both.fields["sec-websocket-protocol"] == "v2")
        // §4.2.2: none in common is no error; the client decides.
        let none = try accept(request(with: [("Sec-WebSocket-Protocol", "V2")]), settings)
        #expect(none.subprotocol == nil)
        #expect(none.fields["sec-websocket-protocol"] == nil)
    }

    @Test func deflateIsAgreedOn() throws {
        let offer = [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")]
        let upgrade = try accept(request(with: offer))
        #expect(upgrade.fields["sec-websocket-extensions"] == upgrade.deflate?.answer)
        #expect(upgrade.deflate != nil)
        var settings = WebSocketSettings(allowedOrigins: nil)
        settings.deflate = nil
        #expect(try accept(request(with: offer), settings).fields["sec-websocket-extensions"] == nil)
    }

    private let date = DateLine(unixSeconds: 784_111_777)

    @Test func theAnswerIsWritten() throws {
        var output: [UInt8] = []
        try ResponseEncoder.appendHead(
            of: HTTPResponse(accept(request())), minorVersion: 1, date: date, isClosing: false,
            to: &output)
        let expected = """
            HTTP/1.1 101 Switching Protocols\r
            date: Sun, 06 Nov 1994 08:49:37 GMT\r
            upgrade: websocket\r
            connection: upgrade\r
            sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r

            """
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test func a426SaysWhatItWants() throws {
        let refusal = #expect(throws: WebSocketHandshake.Refusal.self) { try accept(request(without: "Upgrade")) }
        #expect(refusal?.fields["sec-websocket-version"] == "13")
        var output: [UInt8] = []
        try ResponseEncoder.appendHead(
            of: HTTPResponse(status: 426, fields: refusal?.fields ?? [:]), minorVersion: 1, date: date,
            isClosing: false, to: &output)
        let head = String(decoding: output, as: UTF8.self)
        #expect(head.contains("\r\nupgrade: websocket\r\n"))
        #expect(head.contains("\r\nconnection: upgrade\r\n"))
    }

    @Test func otherAnswersDoNotUpgrade() throws {
        var response = HTTPResponse(try accept(request()))
        response.status = 200
        #expect(throws: ResponseEncoder.Refusal.self) {
            var output: [UInt8] = []
            try ResponseEncoder.appendHead(
                of: response, minorVersion: 1, date: date, isClosing: false, to: &output)
        }
    }
}
