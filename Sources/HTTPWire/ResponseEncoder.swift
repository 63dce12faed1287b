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

    package static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    package static let chunkEnd = Array("\r\n".utf8)
    package static let lastChunk = Array("0\r\n\r\n".utf8)

    /// How the body of this answer has to be sent.
    package static func bodyEncoding(of response: HTTPResponse, isHead: Bool, minorVersion: Int) -> BodyEncoding {
        if isHead || response.status.forbidsBody { return .none }
        switch response.body {
        case .bytes(let bytes): return .length(bytes.count)
        case .stream(let lengthBytes?, _): return .length(lengthBytes)
        case .stream(nil, _): return minorVersion >= 1 ? .chunked : .untilClose
        }
    }

    /// Appends status line and fields, with the empty line that ends them.
    /// - Parameters:
    ///   - date: the field `Date`, made once a second.
    ///   - isClosing: says `Connection: close`; else nothing for 1.1 and `keep-alive` for 1.0.
    /// - Throws: `Refusal` for a 1xx or impossible status and for a name or value that is not allowed.
    package static func appendHead(
        of response: HTTPResponse, minorVersion: Int, date: DateLine, isClosing: Bool, to output: inout [UInt8]
    ) throws(Refusal) {
        if response.upgrade != nil { return try appendSwitch(response, date: date, to: &output) }
        let code = response.status.code
        guard (200...599).contains(code) else { throw Refusal(description: "status \(code)") }
        if code == 200 {
            output.append(contentsOf: date.okLines)
        } else {
            appendStatusLine(response.status, to: &output)
            output.append(contentsOf: date.line)
        }
        for field in response.fields.fields where !isOwn(field.name) {
            try append(field, to: &output)
        }
        appendFraming(of: response, minorVersion: minorVersion, to: &output)
        // RFC 9110 §15.5.22 and §7.8: the server says what to upgrade to, and that the field is for this hop.
        if code == 426, let upgrade = response.fields["upgrade"] {
            try append(HTTPFields.Field("upgrade", upgrade), to: &output)
            append("connection: upgrade\r\n", to: &output)
        }
        if isClosing {
            append("connection: close\r\n\r\n", to: &output)
        } else if minorVersion == 0 {
            append("connection: keep-alive\r\n\r\n", to: &output)
        } else {
            append("\r\n", to: &output)
        }
    }

    /// The 101 (RFC 6455 §4.2.2 step 5): no framing, for what follows is no body.
    private static func appendSwitch(
        _ response: HTTPResponse, date: DateLine, to output: inout [UInt8]
    ) throws(Refusal) {
        guard response.status.code == 101 else {
            throw Refusal(description: "an answer that upgrades has status 101, not \(response.status.code)")
        }
        appendStatusLine(response.status, to: &output)
        output.append(contentsOf: date.line)
        append("upgrade: websocket\r\nconnection: upgrade\r\n", to: &output)
        for field in response.fields.fields where !isOwn(field.name) { try append(field, to: &output) }
        append("\r\n", to: &output)
    }

    /// One chunk around a piece of data; nothing for an empty piece, which would end the body.
    package static func appendChunk(_ piece: [UInt8], to output: inout [UInt8]) {
        guard !piece.isEmpty else { return }
        appendChunkSize(piece.count, to: &output)
        output.append(contentsOf: piece)
        append("\r\n", to: &output)
    }

    package static func appendChunkSize(_ size: Int, to output: inout [UInt8]) {
        WireNumber.appendHexadecimal(size, to: &output)
        append("\r\n", to: &output)
    }

    /// Written by the server alone; a handler's are dropped.
    private static func isOwn(_ name: String) -> Bool {
        switch name {
        case "connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade", "trailer": true
        default: false
        }
    }

    private static func append(_ field: HTTPFields.Field, to output: inout [UInt8]) throws(Refusal) {
        guard field.isSound else { throw Refusal(description: "a field of the answer holds what no field may") }
        append(field.name, to: &output)
        append(": ", to: &output)
        append(field.value, to: &output)
        append("\r\n", to: &output)
    }

    /// HEAD gets what GET would (RFC 9110 §9.3.2); 204 and 304 get none (§8.6).
    private static func appendFraming(of response: HTTPResponse, minorVersion: Int, to output: inout [UInt8]) {
        switch bodyEncoding(of: response, isHead: false, minorVersion: minorVersion) {
        case .none, .untilClose: break
        case .length(let bytes):
            append("content-length: ", to: &output)
            WireNumber.appendDecimal(bytes, to: &output)
            append("\r\n", to: &output)
        case .chunked: append("transfer-encoding: chunked\r\n", to: &output)
        }
    }

    private static func appendStatusLine(_ status: HTTPStatus, to output: inout [UInt8]) {
        append("HTTP/1.1 ", to: &output)
        WireNumber.appendDecimal(status.code, to: &output)
        append(" ", to: &output)
        append(status.reason, to: &output)
        append("\r\n", to: &output)
    }

    private static func append(_ text: StaticString, to output: inout [UInt8]) {
        // SAFETY: a literal's bytes live as long as the program.
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @_disfavoredOverload
    private static func append(_ text: String, to output: inout [UInt8]) {
        output.append(contentsOf: text.utf8)
    }
}

/// The field `Date` (RFC 9110 §6.6.1) as it goes on the wire, alone and behind the status line that most answers have.
package struct DateLine: Sendable {
    let line: [UInt8]
    let okLines: [UInt8]

    package init(unixSeconds: Int64) {
        line = Array("date: \(HTTPDate.format(unixSeconds: unixSeconds))\r\n".utf8)
        okLines = Array("HTTP/1.1 200 OK\r\n".utf8) + line
    }
}

extension HTTPStatus {
    /// 1xx, 204 and 304 never have one (RFC 9110 §6.4.1).
    package var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }
}
