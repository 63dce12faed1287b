/// The life of one WebSocket as a pure state machine: event and time in, action out. The session obeys.
package struct WebSocketLife: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        case open
        /// The peer's close frame is in, or something that fails the connection; the handler still answers what came
        /// before it.
        case finishing
        /// Our close frame is out, the peer's not in.
        case closing
        /// Both are, or the connection has failed: nothing is said any more.
        case closed
    }

    package enum Event: Hashable, Sendable {
        /// Bytes of any kind have come.
        case received
        case closeReceived(WebSocketClose, hasUnansweredMessages: Bool)
        /// The peer has broken the protocol, or a limit.
        case fault(WebSocketFault, hasUnansweredMessages: Bool)
        /// The handler has taken every message and wants another.
        case allAnswered
        case close(WebSocketClose)
        case handlerEnded(hasFailed: Bool)
        /// The server stops.
        case drain
        /// Nothing more will come.
        case peerFinished(hasUnansweredMessages: Bool)
        /// A message is about to join so many unsent bytes.
        case sending(queuedBytes: Int)
        /// So many bytes are unsent now.
        case queued(bytes: Int)
        /// The socket is read, or is not because the handler or the queue is full: what the peer sends is not seen.
        case reading(Bool)
        case timeUp(queuedBytes: Int)
    }

    package enum Action: Hashable, Sendable {
        case none
        case ping
        /// Send the close frame and wait for the peer's.
        case close(WebSocketClose)
        /// Send the close frame, if any, and end the connection: the server closes first (RFC 6455 §7.1.1).
        case end(WebSocketClose?)
        /// Nobody is there to be told anything.
        case cut(Reason)
    }

    package enum Reason: String, Hashable, Sendable {
        case silent, slow, closeTimeout = "close-timeout", gone
    }

    package private(set) var phase = Phase.open
    private let limits: WebSocketLimits
    /// What will be said when the handler is done with finishing.
    private var lastWord: WebSocketClose?
    /// Whether it ends otherwise than by a closing handshake.
    package private(set) var hasFailed = false
    private var lastReceived: Int64
    /// As the last `reading` said.
    package private(set) var isReading = true
    private var pongDeadline: Int64?
    private var closeDeadline: Int64?
    private var closeBegan: Int64 = 0
    private var slowDeadline: Int64?

    package init(limits: WebSocketLimits, nowNanoseconds: Int64) {
        self.limits = limits
        lastReceived = nowNanoseconds
    }

    /// Whether the queue is above its mark.
    package var isSlow: Bool { slowDeadline != nil }
    package var maySend: Bool { phase == .open || phase == .finishing }

    /// When to come back with `timeUp`; it may be earlier than anything is due.
    package var nextDeadlineNanoseconds: Int64? {
        guard phase != .closed else { return nil }
        var nearest = Int64.max
        if phase == .open, pongDeadline == nil { nearest = pingAt }
        if let pongDeadline { nearest = min(nearest, pongDeadline) }
        if let closeDeadline { nearest = min(nearest, closeDeadline) }
        if let slowDeadline { nearest = min(nearest, slowDeadline) }
        return nearest == .max ? nil : nearest
    }

    private var pingAt: Int64 { lastReceived + Self.nanoseconds(limits.timing.idleSecondsBeforePing) }

    package mutating func handle(_ event: Event, nowNanoseconds now: Int64) -> Action {
        guard phase != .closed else { return .none }
        switch event {
        case .received:
            lastReceived = now
            pongDeadline = nil
        case .reading(let isReading): noteReading(isReading, now)
        case .sending(let queuedBytes):
            guard queuedBytes > limits.queueBytesMaximum else { return .none }
            phase = .closed
            return .cut(.slow)
        case .queued(let bytes): noteQueue(bytes, now)
        case .timeUp(let queuedBytes): return timeUp(queuedBytes, now)
        case .closeReceived(let close, let hasUnansweredMessages):
            // §5.5.1: "typically echos the status code it received".
            return lastHeard(WebSocketClose(code: close.code), hasUnansweredMessages, now)
        case .allAnswered: if phase == .finishing { return endFinishing() }
        case .fault(let fault, let hasUnansweredMessages):
            // §7.1.7.
            hasFailed = true
            return lastHeard(WebSocketClose(code: fault.code, reason: fault.reason), hasUnansweredMessages, now)
        case .close(let close): return beginClosing(close, now)
        case .drain: return beginClosing(WebSocketClose(code: .goingAway, reason: "The server stops."), now)
        case .handlerEnded(let hasFailed):
            if phase == .finishing { return endFinishing() }
            return beginClosing(WebSocketClose(code: hasFailed ? .internalError : .normal), now)
        case .peerFinished(let hasUnansweredMessages):
            // It may have shut its own side only, and still read what it is answered.
            if phase == .finishing { return .none }
            hasFailed = true
            if phase == .open, hasUnansweredMessages { return lastHeard(nil, true, now) }
            phase = .closed
            return .cut(.gone)
        }
        return .none
    }

    private mutating func beginClosing(_ close: WebSocketClose, _ now: Int64) -> Action {
        switch phase {
        case .open:
            phase = .closing
            closeBegan = now
            closeDeadline = now + Self.nanoseconds(limits.timing.closeTimeoutSeconds)
            pongDeadline = nil
            return .close(close)
        case .finishing:
            // The peer has closed already: ours is the last frame.
            if !hasFailed { lastWord = close }
            return endFinishing()
        case .closing, .closed: return .none
        }
    }

    /// Nothing the peer sends after this counts.
    private mutating func lastHeard(
        _ answer: WebSocketClose?, _ hasUnansweredMessages: Bool, _ now: Int64
    ) -> Action {
        switch phase {
        case .open:
            lastWord = answer
            guard hasUnansweredMessages else { return endFinishing() }
            phase = .finishing
            pongDeadline = nil
            closeDeadline = now + Self.nanoseconds(limits.timing.closeGraceSeconds)
            return .none
        case .closing:
            // Our close frame is out, and no second one may follow.
            phase = .closed
            return .end(nil)
        case .finishing, .closed: return .none
        }
    }

    private mutating func endFinishing() -> Action {
        phase = .closed
        return .end(lastWord)
    }

    private mutating func noteReading(_ isReading: Bool, _ now: Int64) {
        guard isReading != self.isReading else { return }
        self.isReading = isReading
        // What was not read cannot be held against the peer: the silence counts from now.
        if isReading { lastReceived = now }
        pongDeadline = nil
    }

    private mutating func noteQueue(_ bytes: Int, _ now: Int64) {
        if bytes <= limits.queueHighBytes {
            slowDeadline = nil
        } else if slowDeadline == nil {
            slowDeadline = now + Self.nanoseconds(limits.timing.slowConsumerSeconds)
        }
    }

    private mutating func timeUp(_ queuedBytes: Int, _ now: Int64) -> Action {
        if let slowDeadline, slowDeadline <= now {
            phase = .closed
            return .cut(.slow)
        }
        if let closeDeadline, closeDeadline <= now {
            if phase == .finishing { return endFinishing() }
            // Our close frame waits behind data that a slow peer is still taking.
            let last = closeBegan + Self.nanoseconds(limits.timing.slowConsumerSeconds)
            if queuedBytes > 0, now < last {
                self.closeDeadline = min(last, now + Self.nanoseconds(limits.timing.closeTimeoutSeconds))
                return .none
            }
            phase = .closed
            return .cut(.closeTimeout)
        }
        if let pongDeadline, pongDeadline <= now {
            phase = .closed
            return .cut(.silent)
        }
        guard phase == .open, pongDeadline == nil, pingAt <= now else { return .none }
        guard isReading else {
            // A pong would not be seen.
            lastReceived = now
            return .none
        }
        pongDeadline = now + Self.nanoseconds(limits.timing.pongTimeoutSeconds)
        return .ping
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64(max(0, min(seconds, 3_153_600_000)) * 1_000_000_000)
    }
}
