/// What a close frame says (RFC 6455 §5.5.1).
package struct WebSocketClose: Hashable, Sendable {
    /// §5.5: 125 bytes, two of them the code.
    static let reasonBytesMaximum = 123

    /// Nil when the frame was empty: "no status code was present" (§7.1.5).
    package let code: WebSocketCloseCode?
    package let reason: String

    package init(code: WebSocketCloseCode?, reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// - Throws: `WebSocketFault` 1002 for one byte or a code that may not be sent, 1007 for a reason that is no UTF-8.
    init(payload: [UInt8]) throws(WebSocketFault) {
        guard !payload.isEmpty else {
            self.init(code: nil)
            return
        }
        guard payload.count >= 2 else { throw .protocolError("A close frame has one byte.") }
        let code = WebSocketCloseCode(UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.mayBeSent else { throw .protocolError("The close code may not be sent.") }
        var validator = UTF8Validator()
        guard validator.accept(payload[2...]), validator.isComplete else {
            throw .invalidData("The close reason is no UTF-8.")
        }
        self.init(code: code, reason: String(decoding: payload[2...], as: UTF8.self))
    }

    /// The payload; a reason that is too long is cut between two characters.
    package var payload: [UInt8] {
        guard let code else { return [] }
        var bytes = [UInt8(code.value >> 8), UInt8(code.value & 0xFF)]
        var kept = 0
        for character in reason.unicodeScalars {
            let length = UTF8.width(character)
            guard kept + length <= Self.reasonBytesMaximum else { break }
            kept += length
        }
        bytes.append(contentsOf: reason.utf8.prefix(kept))
        return bytes
    }
}
