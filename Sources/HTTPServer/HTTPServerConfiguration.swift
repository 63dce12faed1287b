import HTTPWire

/// Every limit of the server, with the reason where the figure is not obvious (contracts: http.md §3 and §4).
package struct HTTPServerConfiguration: Sendable {
    /// A numeric address, or `localhost`.
    package var host = "127.0.0.1"
    /// 0 lets the system choose; `start()` tells which.
    package var port = 3000
    package var listenBacklog = 1_024
    /// Beyond it a new connection is answered 503 with `Retry-After` and closed.
    package var connectionsMaximum = 10_000
    package var retryAfterSeconds = 5
    package var requestLineBytesMaximum = 8_192
    package var fieldsBytesMaximum = 32_768
    package var fieldCountMaximum = 100
    /// For the whole head, from its first byte (on a new connection from the accept).
    package var headTimeoutSeconds = 10.0
    /// Between two pieces of a body that the handler waits for.
    package var bodyIdleTimeoutSeconds = 15.0
    /// A body slower than this over all the time spent waiting for it is given up: a byte a second never idles out.
    package var bodyBytesPerSecondMinimum = 1_024.0
    /// Waiting that is free before that rate counts.
    package var bodyRateGraceSeconds = 5.0
    package var writeStallTimeoutSeconds = 30.0
    /// Longer than Traefik's 90 s to its back ends, so that Traefik closes first.
    package var idleTimeoutSeconds = 120.0
    package var requestsPerConnectionMaximum = 10_000
    /// An unread body up to this length is read and dropped so that the connection lives on (as Go's net/http does).
    package var discardBytesMaximum = 262_144
    /// After a last answer: how long, and how much, is still read so that no reset destroys the answer on its way
    /// (RFC 9112 §9.6).
    package var lingerTimeoutSeconds = 2.0
    package var lingerBytesMaximum = 1_048_576
    /// A peer that has finished sending may have closed, or may only have shut its own side: so long a handler goes on
    /// before it is cancelled.
    package var clientGoneGraceSeconds = 1.0
    /// So long a handler whose time is up has to answer for itself before the server answers 503.
    package var handlerGraceSeconds = 1.0
    /// Accepting rests so long when no descriptors are left.
    package var acceptPauseSeconds = 0.1
    /// Unsent bytes above which a streamed body is not pulled further and pipelined requests wait.
    package var outputBytesMaximum = 262_144
    /// Unread bytes above which the socket is not read further.
    package var inputBytesMaximum = 65_536
    /// Pipelined requests of one connection served in one turn of the loop.
    package var requestsPerTurnMaximum = 32

    package init() {}

    var requestLimits: RequestLimits {
        var limits = RequestLimits()
        limits.requestLineBytesMaximum = requestLineBytesMaximum
        limits.fieldsBytesMaximum = fieldsBytesMaximum
        limits.fieldCountMaximum = fieldCountMaximum
        return limits
    }
}

package struct HTTPServerError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
