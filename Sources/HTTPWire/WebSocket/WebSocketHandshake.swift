/// The opening handshake of the server's side (RFC 6455 §4.2), as a function of the request.
package enum WebSocketHandshake {
    /// Why a request does not become a WebSocket.
    package struct Refusal: Error, Hashable, Sendable {
        package let status: Int
        /// A stable word, `websocket-version`.
        package let code: String
        package let detail: String
        /// To go with the answer.
        package let fields: HTTPFields
    }

    /// §1.3.
    private static let acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    package static let version = "13"

    /// - Parameter handler: runs when the 101 has been sent.
    /// - Throws: `Refusal`.
    package static func accept(
        _ request: HTTPRequest, settings: WebSocketSettings, handler: @escaping WebSocket.Handler
    ) throws(Refusal) -> WebSocketUpgrade {
        let key = try key(of: request)
        try checkOrigin(request.fields, settings)
        guard let offers = WebSocketExtension.parse(request.fields.values("sec-websocket-extensions")) else {
            throw malformed("Sec-WebSocket-Extensions cannot be read.")
        }
        let subprotocol = try subprotocol(request.fields, settings)
        let deflate = settings.deflate.flatMap { WebSocketDeflate.agree(on: offers, settings: $0) }
        var fields: HTTPFields = ["sec-websocket-accept": acceptValue(forKey: key)]
        if let subprotocol { fields.append("sec-websocket-protocol", subprotocol) }
        if let deflate { fields.append("sec-websocket-extensions", deflate.answer) }
        return WebSocketUpgrade(
            fields: fields, subprotocol: subprotocol, deflate: deflate, limits: settings.limits, handler: handler)
    }

    /// §4.2.2 step 5.4.
    package static func acceptValue(forKey key: String) -> String {
        Base64.encode(SHA1.digest(of: Array((key + acceptSuffix).utf8)))
    }

    /// §4.2.1.
    private static func key(of request: HTTPRequest) throws(Refusal) -> String {
        guard request.method == .get else { throw malformed("A WebSocket begins with GET.") }
        // RFC 9110 §7.8: Upgrade means nothing in HTTP/1.0, and asks for `upgrade` in Connection.
        guard request.minorVersion >= 1, hasToken("websocket", in: "upgrade", of: request.fields),
            hasToken("upgrade", in: "connection", of: request.fields)
        else { throw upgradeRequired("websocket-only", "This path speaks WebSocket only.") }
        let versions = request.fields.values("sec-websocket-version")
        // §4.2.2 step 4, §4.4.
        guard versions == [version] else {
            throw upgradeRequired("websocket-version", "The WebSocket version spoken here is \(version).")
        }
        let keys = request.fields.values("sec-websocket-key")
        guard keys.count == 1, isKey(keys[0]) else { throw malformed("Sec-WebSocket-Key is not 16 bytes in base64.") }
        // A body would be read as frames by one side and as a body by the other.
        guard request.body.lengthBytes == 0 else { throw malformed("A WebSocket's request has no body.") }
        return keys[0]
    }

    /// 22 digits and two pads are 16 bytes and a little.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 24 && bytes[..<22].allSatisfy(Base64.isDigit) && bytes[22...] == [0x3D, 0x3D]
    }

    /// §10.2, §4.2.2 step 1: an origin is compared byte by byte, as browsers serialise it in one way only.
    private static func checkOrigin(_ fields: HTTPFields, _ settings: WebSocketSettings) throws(Refusal) {
        let origins = fields.values("origin")
        guard origins.count <= 1 else { throw malformed("More than one Origin.") }
        guard let allowed = settings.allowedOrigins, let origin = origins.first else { return }
        guard allowed.contains(origin) else {
            throw Refusal(
                status: 403, code: "origin-not-allowed", detail: "Pages of this origin may not connect.", fields: [:])
        }
    }

    /// §4.2.2: the server's most wanted of the client's; names compare as they are.
    private static func subprotocol(
        _ fields: HTTPFields, _ settings: WebSocketSettings
    ) throws(Refusal) -> String? {
        let names = fields.values("sec-websocket-protocol").flatMap { elements(of: $0) }
        guard names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Octets.isTokenCharacter) }),
            Set(names).count == names.count
        else { throw malformed("Sec-WebSocket-Protocol cannot be read.") }
        return settings.subprotocols.first { names.contains($0) }
    }

    private static func hasToken(_ token: String, in name: String, of fields: HTTPFields) -> Bool {
        fields.values(name).contains { TokenList($0).contains(token) }
    }

    private static func elements(of value: String) -> [String] {
        value.split(separator: ",").map { String(TokenList.trimmed($0)) }
    }

    private static func malformed(_ detail: String) -> Refusal {
        Refusal(status: 400, code: "malformed-handshake", detail: detail, fields: [:])
    }

    /// RFC 9110 §15.5.22 wants `Upgrade`, RFC 6455 §4.4 the version.
    private static func upgradeRequired(_ code: String, _ detail: String) -> Refusal {
        Refusal(
            status: 426, code: code, detail: detail,
            fields: ["upgrade": "websocket", "sec-websocket-version": version])
    }
}
