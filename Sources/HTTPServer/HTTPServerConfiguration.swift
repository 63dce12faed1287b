import HTTPWire

/// Every limit of the server, with the reason where the figure is not obvious (contracts: http.md §3 and §4).
///
/// `NamedLimit` names those that operators may set.
package struct HTTPServerConfiguration: Sendable {
    /// A numeric address, or `localhost`.
    package var host = "127.0.0.1"
    /// 0 lets the system choose; `start()` tells which.
    package var port = 3000
    /// A unix socket to listen on as well; its peers are trusted proxies.
    package var socketPath: String?
    /// Of the socket's file: the server's user and group may connect.
    package var socketMode: UInt32 = 0o660
    package var listenBacklog = 1_024

    // MARK: Connections

    /// Beyond it room is made by closing those that wait longest; when none can be, a new one is answered 503.
    package var connectionsMaximum = 10_000
    /// A connection that has waited for a request less than this is not closed to make room: it may be sending one.
    package var giveWayAfterSeconds = 1.0
    /// Of one client address, trusted proxies exempt: behind Traefik every connection has the same one.
    package var connectionsPerAddressMaximum = 256
    /// Whether this peer address is a proxy of ours; empty for a unix socket. By default whoever is on this machine.
    package var isTrustedProxy: @Sendable (String) -> Bool = {
        $0.isEmpty || $0.hasPrefix("127.") || $0 == "::1"
    }
    package var requestsPerConnectionMaximum = 10_000
    /// Requests whose answer is not finished, in all; beyond it a new one is answered 503 at once.
    package var requestsInFlightMaximum = 4_096
    /// When a turn of the loop takes longer than this, new requests are answered 503: working on would only make
    /// everybody late.
    package var overloadLagSeconds = 1.0
    /// Answered under overload, too.
    package var alwaysServedPaths: Set<String> = ["/health/live", "/health/ready", "/metrics"]
    package var retryAfterSeconds = 5
    /// Accepting rests so long when no descriptors are left.
    package var acceptPauseSeconds = 0.1

    // MARK: Head

    package var requestLineBytesMaximum = 8_192
    package var fieldBytesMaximum = 32_768
    package var fieldsBytesMaximum = 32_768
    package var fieldCountMaximum = 100
    /// On a new connection, until its first byte.
    package var firstByteTimeoutSeconds = 10.0
    /// For the whole head, from its first byte.
    package var headTimeoutSeconds = 10.0
    /// Longer than Traefik's 90 s to its back ends, so that Traefik closes first.
    package var idleTimeoutSeconds = 120.0

    // MARK: Body

    /// Between two pieces of a body that the handler waits for.
    package var bodyIdleTimeoutSeconds = 15.0
    /// A body slower than this over all the time spent waiting for it is given up: a byte a second never idles out.
    package var bodyBytesPerSecondMinimum = 1_024.0
    /// Waiting that is free before that rate counts; longer than the idle time, which is for silence.
    package var bodyRateGraceSeconds = 20.0
    /// An unread body up to this length is read and dropped so that the connection lives on (as Go's net/http does).
    package var discardBytesMaximum = 262_144
    /// Unread bytes above which the socket is not read further.
    package var inputBytesMaximum = 65_536

    // MARK: Answer

    /// For an answer that takes none of its bytes.
    package var writeStallTimeoutSeconds = 30.0
    /// A reader slower than this over the time in which our answer waits for it is cut off.
    package var writeBytesPerSecondMinimum = 1_024.0
    package var writeRateGraceSeconds = 40.0
    /// Unsent bytes above which a streamed body is not pulled further and pipelined requests wait.
    package var outputBytesMaximum = 65_536
    /// So long a handler whose time is up has to answer for itself before the server answers 503.
    package var handlerGraceSeconds = 1.0
    /// A peer that has finished sending may have closed, or may only have shut its own side: so long a handler goes on
    /// before it is cancelled.
    package var clientGoneGraceSeconds = 1.0
    /// After a last answer: how long, and how much, is still read so that no reset destroys the answer on its way
    /// (RFC 9112 §9.6).
    package var lingerTimeoutSeconds = 2.0
    package var lingerBytesMaximum = 1_048_576
    /// Requests served in one turn of the loop, over all connections: between two looks at the sockets.
    package var requestsPerTurnMaximum = 256

    package init() {}

    var requestLimits: RequestLimits {
        var limits = RequestLimits()
        limits.requestLineBytesMaximum = requestLineBytesMaximum
        limits.fieldBytesMaximum = fieldBytesMaximum
        limits.fieldsBytesMaximum = fieldsBytesMaximum
        limits.fieldCountMaximum = fieldCountMaximum
        return limits
    }

    var connectionTimeouts: ConnectionTimeouts {
        var timeouts = ConnectionTimeouts()
        timeouts.firstByte = Self.nanoseconds(firstByteTimeoutSeconds)
        timeouts.head = Self.nanoseconds(headTimeoutSeconds)
        timeouts.idle = Self.nanoseconds(idleTimeoutSeconds)
        timeouts.bodyIdle = Self.nanoseconds(bodyIdleTimeoutSeconds)
        timeouts.bodyRateGrace = Self.nanoseconds(bodyRateGraceSeconds)
        timeouts.bodyBytesPerSecondMinimum = bodyBytesPerSecondMinimum
        timeouts.writeStall = Self.nanoseconds(writeStallTimeoutSeconds)
        timeouts.writeRateGrace = Self.nanoseconds(writeRateGraceSeconds)
        timeouts.writeBytesPerSecondMinimum = writeBytesPerSecondMinimum
        timeouts.linger = Self.nanoseconds(lingerTimeoutSeconds)
        timeouts.clientGoneGrace = Self.nanoseconds(clientGoneGraceSeconds)
        timeouts.handlerGrace = Self.nanoseconds(handlerGraceSeconds)
        return timeouts
    }

    static func nanoseconds(_ seconds: Double) -> Int64 {
        // A century is as good as never, and far from overflow.
        Int64(max(0, min(seconds, 3_153_600_000)) * 1_000_000_000)
    }
}

package struct HTTPServerError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
