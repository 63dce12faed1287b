/// One limit of the server as operators know it: its variable, what it may be, what it is for.
///
/// `forma3d` makes its settings from the table and `forma3d-httpd` reads the same variables; the defaults are
/// `HTTPServerConfiguration`'s own.
package struct NamedLimit: Sendable {
    package typealias CountPath = any (WritableKeyPath<HTTPServerConfiguration, Int> & Sendable)
    package typealias AmountPath = any (WritableKeyPath<HTTPServerConfiguration, Double> & Sendable)

    package enum Value: Sendable {
        case count(CountPath, ClosedRange<Int>)
        /// Seconds, or bytes a second.
        case amount(AmountPath, ClosedRange<Double>)
    }

    /// The environment variable.
    package let name: String
    package let purpose: String
    package let value: Value

    private static func count(
        _ name: String, _ path: CountPath, _ range: ClosedRange<Int>, _ purpose: String
    ) -> NamedLimit {
        NamedLimit(name: name, purpose: purpose, value: .count(path, range))
    }

    private static func amount(
        _ name: String, _ path: AmountPath, _ range: ClosedRange<Double>, _ purpose: String
    ) -> NamedLimit {
        NamedLimit(name: name, purpose: purpose, value: .amount(path, range))
    }

    package static let all: [NamedLimit] = connections + heads + bodies + answers

    private static let connections: [NamedLimit] = [
        count(
            "HTTP_CONNECTIONS_MAX", \.connectionsMaximum, 1...1_000_000,
            "Connections in all. Beyond it those that wait longest are closed; if all are at work, a new one gets 503."),
        count(
            "HTTP_CONNECTIONS_PER_ADDRESS_MAX", \.connectionsPerAddressMaximum, 1...1_000_000,
            "Connections of one client address; trusted proxies have no such limit."),
        amount(
            "HTTP_GIVE_WAY_AFTER_SECONDS", \.giveWayAfterSeconds, 0...600,
            "How long a connection must have waited before it may be closed to make room."),
        count(
            "HTTP_REQUESTS_PER_CONNECTION_MAX", \.requestsPerConnectionMaximum, 1...1_000_000_000,
            "Requests after which a connection is closed, so that load moves to new replicas."),
        count(
            "HTTP_REQUESTS_IN_FLIGHT_MAX", \.requestsInFlightMaximum, 1...1_000_000,
            "Requests being answered at once; beyond it a request gets 503 with Retry-After at once."),
        amount(
            "HTTP_OVERLOAD_LAG_SECONDS", \.overloadLagSeconds, 0.05...3_600,
            "When a turn of the event loop takes this long, new requests get 503 until it is faster again."),
        count(
            "HTTP_RETRY_AFTER_SECONDS", \.retryAfterSeconds, 1...3_600, "What such a 503 says under Retry-After."),
        amount(
            "HTTP_ACCEPT_PAUSE_SECONDS", \.acceptPauseSeconds, 0.01...60,
            "How long accepting rests when the process has no descriptors left."),
    ]

    private static let heads: [NamedLimit] = [
        count(
            "HTTP_REQUEST_LINE_BYTES_MAX", \.requestLineBytesMaximum, 256...1_048_576,
            "The request line; a longer one gets 414."),
        count(
            "HTTP_FIELD_BYTES_MAX", \.fieldBytesMaximum, 256...1_048_576, "One header field; a longer one gets 431."),
        count(
            "HTTP_FIELDS_BYTES_MAX", \.fieldsBytesMaximum, 256...4_194_304,
            "All header fields together; more gets 431."),
        count(
            "HTTP_FIELD_COUNT_MAX", \.fieldCountMaximum, 8...10_000, "How many header fields; more gets 431."),
        amount(
            "HTTP_FIRST_BYTE_TIMEOUT_SECONDS", \.firstByteTimeoutSeconds, 0.1...3_600,
            "For the first byte on a new connection; then it is closed."),
        amount(
            "HTTP_HEAD_TIMEOUT_SECONDS", \.headTimeoutSeconds, 0.1...3_600,
            "For a whole request head from its first byte; then 408."),
        amount(
            "HTTP_IDLE_TIMEOUT_SECONDS", \.idleTimeoutSeconds, 1...86_400,
            "For the next request on a connection; must be longer than the proxy's (Traefik: 90)."),
    ]

    private static let bodies: [NamedLimit] = [
        amount(
            "HTTP_BODY_IDLE_TIMEOUT_SECONDS", \.bodyIdleTimeoutSeconds, 0.1...3_600,
            "Between two pieces of a body; then 408."),
        amount(
            "HTTP_BODY_RATE_MIN", \.bodyBytesPerSecondMinimum, 0...1_000_000_000,
            "Bytes a second a body must come with over all the time waited for it; 0 for none."),
        amount(
            "HTTP_BODY_RATE_GRACE_SECONDS", \.bodyRateGraceSeconds, 0...3_600,
            "Waiting that is free before that rate counts."),
        count(
            "HTTP_DISCARD_BYTES_MAX", \.discardBytesMaximum, 0...1_073_741_824,
            "An unread body up to this is read and dropped; with a longer one the connection is closed."),
        count(
            "HTTP_INPUT_BYTES_MAX", \.inputBytesMaximum, 4_096...16_777_216,
            "What a connection may have sent ahead before its socket is read no further."),
    ]

    private static let answers: [NamedLimit] = [
        amount(
            "HTTP_WRITE_STALL_TIMEOUT_SECONDS", \.writeStallTimeoutSeconds, 0.1...3_600,
            "For a client that takes nothing of its answer; then it is cut off."),
        amount(
            "HTTP_WRITE_RATE_MIN", \.writeBytesPerSecondMinimum, 0...1_000_000_000,
            "Bytes a second a client must take while its answer waits for it; 0 for none."),
        amount(
            "HTTP_WRITE_RATE_GRACE_SECONDS", \.writeRateGraceSeconds, 0...3_600,
            "Waiting that is free before that rate counts."),
        count(
            "HTTP_OUTPUT_BYTES_MAX", \.outputBytesMaximum, 4_096...16_777_216,
            "Unsent bytes of a connection above which it is served no further."),
        amount(
            "HTTP_HANDLER_GRACE_SECONDS", \.handlerGraceSeconds, 0...600,
            "How long a handler has to end after its time is up before the server answers 503 for it."),
        amount(
            "HTTP_CLIENT_GONE_GRACE_SECONDS", \.clientGoneGraceSeconds, 0...600,
            "How long a handler goes on for a client that has finished sending before it is cancelled."),
        amount(
            "HTTP_LINGER_TIMEOUT_SECONDS", \.lingerTimeoutSeconds, 0...600,
            "After a last answer, how long is read on so that it arrives."),
        count(
            "HTTP_LINGER_BYTES_MAX", \.lingerBytesMaximum, 0...1_073_741_824, "After a last answer, how much is."),
        count(
            "HTTP_REQUESTS_PER_TURN_MAX", \.requestsPerTurnMaximum, 1...65_536,
            "Requests served between two looks at the sockets."),
    ]
}
