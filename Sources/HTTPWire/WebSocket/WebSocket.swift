/// One open WebSocket as its handler sees it: messages in, messages out, with back pressure both ways.
///
/// The handler runs as one task of the connection, cancelled when that ends. When the handler returns, the connection
/// is closed with 1000; when it throws, with 1011.
package struct WebSocket: Sendable {
    package enum Message: Hashable, Sendable {
        case text(String)
        case binary([UInt8])
    }

    /// Why a WebSocket is of no use any more.
    package enum Failure: Error, Hashable, Sendable {
        /// This side or the peer has closed it: nothing more can be sent.
        case closed
        /// The connection broke, the peer fell silent or broke the protocol: what was sent may not have arrived.
        case lost
    }

    package typealias Handler = @Sendable (WebSocket) async throws -> Void

    /// The one of the client's subprotocols that was chosen; nil when none was.
    package let subprotocol: String?
    private let nextMessage: @Sendable () async throws -> Message?
    private let sendMessage: @Sendable (Message) async throws -> Void
    private let closeSocket: @Sendable (WebSocketClose) async -> Void

    /// - Parameters:
    ///   - receive: the next message, nil at the end; throws `Failure.lost`.
    ///   - send: throws `Failure`.
    package init(
        subprotocol: String? = nil, receive: @escaping @Sendable () async throws -> Message?,
        send: @escaping @Sendable (Message) async throws -> Void,
        close: @escaping @Sendable (WebSocketClose) async -> Void
    ) {
        self.subprotocol = subprotocol
        nextMessage = receive
        sendMessage = send
        closeSocket = close
    }

    /// The next message; nil when either side has closed and nothing is left. Called by one task at a time. While
    /// nobody calls it, the client is soon not read any further.
    /// - Throws: `Failure.lost`, or `CancellationError` when the calling task was cancelled.
    package func receive() async throws -> Message? { try await nextMessage() }

    /// Queues a message and waits while more than the limit is unsent. May be called by several tasks.
    /// - Throws: `Failure`; `CancellationError` when the wait was cut short, the message is queued all the same.
    package func send(_ message: Message) async throws { try await sendMessage(message) }

    package func send(_ text: String) async throws { try await sendMessage(.text(text)) }
    package func send(_ bytes: [UInt8]) async throws { try await sendMessage(.binary(bytes)) }

    /// Begins the closing handshake (RFC 6455 §7.1.2) and returns; `receive()` gives nil from then on.
    /// - Parameters:
    ///   - code: one that may be sent; any other becomes 1011.
    ///   - reason: shown to the peer; cut at 123 bytes.
    package func close(code: WebSocketCloseCode = .normal, reason: String = "") async {
        await closeSocket(WebSocketClose(code: code.mayBeSent ? code : .internalError, reason: reason))
    }
}
