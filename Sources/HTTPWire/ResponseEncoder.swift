/// The head of an answer, and how its body is delimited on this connection. Pure: values in, bytes out.
package struct ResponseEncoder: Sendable {
    /// How the body follows the head.
    package enum BodyEncoding: Hashable, Sendable {
        /// Nothing follows: HEAD, 204, 304 (RFC 9112 §6.3 rule 1).
        case none
        case length(Int)
        case chunked
        /// The end of the connection is the end of the body (HTTP/1.0 and a stream of unknown length).
        case untilClose
    }

    /// Something that must not go on the wire: it would end a line early or frame the body twice.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Written by the server alone; a handler's are dropped.
    private static let ownNames: Set<String> = [
        "connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade", "trailer",
    ]

    package static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    package static let lastChunk = Array("0\r\n\r\n".utf8)

    /// How the body of this answer has to be sent.
    package static func bodyEncoding(of response: HTTPResponse, method: HTTPMethod, minorVersion: Int) -> BodyEncoding {
        if method == .head || response.status.forbidsBody { return .none }
        switch response.body {
        case .bytes(let bytes): return .length(bytes.count)
        case .stream(let lengthBytes?, _): return .length(lengthBytes)
        case .stream(nil, _): return minorVersion >= 1 ? .chunked : .untilClose
        }
    }

    /// Appends status line and fields, with the empty line that ends them.
    /// - Parameters:
    ///   - date: the value of `Date`.
    ///   - isClosing: says `Connection: close`; else nothing for 1.1 and `keep-alive` for 1.0.
    /// - Throws: `Refusal` for a 1xx or impossible status and for a name or value that is not allowed.
    package static func appendHead(
        of response: HTTPResponse, method: HTTPMethod, minorVersion: Int, date: String, isClosing: Bool,
        to output: inout [UInt8]
    ) throws(Refusal) {
        if response.upgrade != nil { return try appendSwitch(response, date: date, to: &output) }
        guard (200...599).contains(response.status.code) else {
            throw Refusal(description: "a handler's status must be 200 to 599, not \(response.status.code)")
        }
        output.append(
            contentsOf: "HTTP/1.1 \(response.status.code) \(response.status.reason)\r\ndate: \(date)\r\n".utf8)
        for field in response.fields.fields where !ownNames.contains(field.name) {
            try append(field, to: &output)
        }
        appendFraming(of: response, minorVersion: minorVersion, to: &output)
        // RFC 9110 §15.5.22 and §7.8: the server says what to upgrade to, and that the field is for this hop.
        if response.status.code == 426, let upgrade = response.fields["upgrade"] {
            try append(HTTPFields.Field("upgrade", upgrade), to: &output)
            output.append(contentsOf: "connection: upgrade\r\n".utf8)
        }
        if isClosing {
            output.append(contentsOf: "connection: close\r\n".utf8)
        } else if minorVersion == 0 {
            output.append(contentsOf: "connection: keep-alive\r\n".utf8)
        }
        output.append(contentsOf: "\r\n".utf8)
    }

    /// The 101 (RFC 6455 §4.2.2 step 5): no framing, for what follows is no body.
    private static func appendSwitch(
        _ response: HTTPResponse, date: String, to output: inout [UInt8]
    ) throws(Refusal) {
        guard response.status.code == 101 else {
            throw Refusal(description: "an answer that upgrades has status 101, not \(response.status.code)")
        }
        output.append(
            contentsOf: "HTTP/1.1 101 \(response.status.reason)\r\ndate: \(date)\r\n".utf8)
        output.append(contentsOf: "upgrade: websocket\r\nconnection: upgrade\r\n".utf8)
        for field in response.fields.fields where !ownNames.contains(field.name) {
            try append(field, to: &output)
        }
        output.append(contentsOf: "\r\n".utf8)
    }

    /// One chunk around a piece of data; nothing for an empty piece, which would end the body.
    package static func appendChunk(_ piece: [UInt8], to output: inout [UInt8]) {
        guard !piece.isEmpty else { return }
        output.append(contentsOf: String(piece.count, radix: 16).utf8)
        output.append(contentsOf: "\r\n".utf8)
        output.append(contentsOf: piece)
        output.append(contentsOf: "\r\n".utf8)
    }

    private static func append(_ field: HTTPFields.Field, to output: inout [UInt8]) throws(Refusal) {
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(Octets.isTokenCharacter) else {
            throw Refusal(description: "a field name of the answer is not a token")
        }
        // CR, LF or NUL in a value would split the answer in two (RFC 9110 §5.5).
        guard field.value.utf8.allSatisfy(Octets.isFieldValue) else {
            throw Refusal(description: "the value of \(field.name) holds a control character")
        }
        output.append(contentsOf: field.name.utf8)
        output.append(contentsOf: ": ".utf8)
        output.append(contentsOf: field.value.utf8)
        output.append(contentsOf: "\r\n".utf8)
    }

    /// HEAD gets what GET would (RFC 9110 §9.3.2); 204 and 304 get none (§8.6).
    private static func appendFraming(of response: HTTPResponse, minorVersion: Int, to output: inout [UInt8]) {
        switch bodyEncoding(of: response, method: .get, minorVersion: minorVersion) {
        case .none, .untilClose: break
        case .length(let bytes): output.append(contentsOf: "content-length: \(bytes)\r\n".utf8)
        case .chunked: output.append(contentsOf: "transfer-encoding: chunked\r\n".utf8)
        }
    }
}

extension HTTPStatus {
    /// 1xx, 204 and 304 never have one (RFC 9110 §6.4.1).
    package var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }
}
