/// Why a connection has to fail (RFC 6455 §7.1.7), with the status code for the peer.
package struct WebSocketFault: Error, Hashable, Sendable {
    package let code: WebSocketCloseCode
    /// Sent to the peer: at most 123 bytes, nothing of its own data.
    package let reason: String

    package init(code: WebSocketCloseCode, reason: String) {
        self.code = code
        self.reason = reason
    }

    static func protocolError(_ reason: String) -> WebSocketFault {
        WebSocketFault(code: .protocolError, reason: reason)
    }

    static func invalidData(_ reason: String) -> WebSocketFault {
        WebSocketFault(code: .invalidData, reason: reason)
    }

    static func tooBig(_ reason: String) -> WebSocketFault {
        WebSocketFault(code: .tooBig, reason: reason)
    }
}

/// A status code of a close frame (RFC 6455 §7.4).
package struct WebSocketCloseCode: Hashable, Sendable, ExpressibleByIntegerLiteral {
    package let value: UInt16

    package init(_ value: UInt16) {
        self.value = value
    }

    package init(integerLiteral value: UInt16) {
        self.value = value
    }

    package static let normal: WebSocketCloseCode = 1000
    package static let goingAway: WebSocketCloseCode = 1001
    package static let protocolError: WebSocketCloseCode = 1002
    package static let unsupportedData: WebSocketCloseCode = 1003
    package static let invalidData: WebSocketCloseCode = 1007
    package static let policyViolation: WebSocketCloseCode = 1008
    package static let tooBig: WebSocketCloseCode = 1009
    package static let internalError: WebSocketCloseCode = 1011

    /// Whether it may stand in a frame: 1004 to 1006 and 1015 never do (§7.4.1), 1012 to 1014 were registered later and
    /// are no codes of this RFC, 1016 to 2999 wait for one; 3000 to 4999 belong to libraries and applications (§7.4.2).
    package var mayBeSent: Bool {
        switch value {
        case 1000...1003, 1007...1011, 3000...4999: true
        default: false
        }
    }
}
