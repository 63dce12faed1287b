/// What one WebSocket may cost, with the reason where the figure is not obvious.
package struct WebSocketLimits: Hashable, Sendable {
    /// Of one frame's payload as it comes; beyond it 1009.
    package var frameBytesMaximum = 1_048_576
    /// Of one message, all frames together and after inflation; beyond it 1009.
    package var messageBytesMaximum = 1_048_576
    /// Frames of one message; empty ones cost the sender six bytes and would never end.
    package var fragmentsMaximum = 4_096
    /// Messages sent are cut into frames of this length.
    package var sentFrameBytesMaximum = 65_536
    /// Messages that wait for the handler: beyond either the socket is not read further.
    package var waitingBytesMaximum = 65_536
    package var waitingCountMaximum = 256
    /// Unsent bytes above which `send` waits and the socket is not read further.
    package var queueHighBytes = 262_144
    /// Unsent bytes above which nothing more is taken: the connection is cut. One message on top of a queue below it is.
    package var queueBytesMaximum = 8_388_608
    package var timing = WebSocketTiming()

    package init() {}
}

/// How long a WebSocket waits for what.
package struct WebSocketTiming: Hashable, Sendable {
    /// After so long without a byte from the peer it is pinged: below the 30 to 60 s after which proxies let go.
    package var idleSecondsBeforePing = 25.0
    /// After a ping: for any byte at all.
    package var pongTimeoutSeconds = 20.0
    /// After our close frame: for the peer's (RFC 6455 §7.1.1).
    package var closeTimeoutSeconds = 5.0
    /// After the peer's close frame: for the handler to answer what came before it (§5.5.1 allows to finish a message).
    package var closeGraceSeconds = 1.0
    /// How long the queue may stay above its mark before the peer is cut as too slow.
    package var slowConsumerSeconds = 30.0

    package init() {}
}
