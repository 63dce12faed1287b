import HTTPWire
import Metrics

/// The counters of all WebSockets, made once: looking one up for each frame would cost more than the frame.
enum WebSocketMetrics {
    enum End: String {
        /// A closing handshake.
        case closed
        /// The peer broke the protocol or a limit.
        case fault
        /// The connection broke.
        case lost
    }

    static let connections = Meter(label: "websocket_connections")
    static let messagesReceived = Counter(label: "websocket_messages_received_total")
    static let messagesSent = Counter(label: "websocket_messages_sent_total")

    static func ended(_ end: End) { ended(end.rawValue) }
    static func ended(_ reason: WebSocketLife.Reason) { ended(reason.rawValue) }

    /// Once for each WebSocket.
    private static func ended(_ reason: String) {
        Counter(label: "websocket_ends_total", dimensions: [("reason", reason)]).increment()
    }
}
