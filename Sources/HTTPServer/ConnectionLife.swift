/// The life of one connection as a pure state machine: event and time in, action out. `Connection` obeys.
///
/// Requests are served one at a time in order (RFC 9112 §9.3.2); a connection that is to end lingers so that its last
/// answer arrives (§9.6).
package struct ConnectionLife: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// A request may come; nothing of it has.
        case idle
        /// Waiting for the rest of a head, or for the first one.
        case head
        /// A handler is at work, or its answer on its way out.
        case serving
        /// Answered; the rest of the body is read and dropped.
        case discarding
        /// Finished sending; what still comes is read and dropped.
        case lingering
        case closed
    }

    package enum Event: Hashable, Sendable {
        /// The first bytes of a next request.
        case headBegan
        case head(isPersistent: Bool, hasBody: Bool, expectsContinue: Bool)
        /// The bytes are no request.
        case fault
        /// The handler has begun to read: the client has its 100, or sends without.
        case bodyBegan
        case bodyEnded
        /// The body came too slowly, broken or not to its end.
        case bodyBroken
        /// The whole answer is handed to the socket's buffer.
        case answered(isClosing: Bool)
        case discarded(bytes: Int)
        /// Nothing more will come from the peer.
        case peerFinished
        case drain
        case timeUp
    }

    /// A connection between its accept and its first request gets so long once the server is about to stop.
    static let drainFirstHeadNanoseconds: Int64 = 500_000_000

    package enum Action: Hashable, Sendable {
        case wait
        case serve
        /// One error answer, then linger: nothing behind broken framing is trusted.
        case refuse
        /// 408, then linger.
        case refuseSlowness
        case readNext
        case discard
        /// Send what is left, shut the sending side, read on for a while.
        case linger
        /// Send what is left and close.
        case close
        /// The peer may be gone: cancel the handler after the grace.
        case startGoneGrace
    }

    private enum Body: Hashable, Sendable { case ended, unread, awaitingContinue, broken }

    package private(set) var phase = Phase.head
    package private(set) var requestCount = 0
    /// Its deadlines; the phases set their own here, the shell those of handler, body and output.
    package var timers: ConnectionTimers
    private let requestsMaximum: Int
    private let discardBytesMaximum: Int
    private var hasBegun = false
    private var isPersistent = true
    private var isDraining = false
    private var hasPeerFinished = false
    private var body = Body.ended
    private var discardedBytes = 0

    /// - Parameter now: nanoseconds of the clock that every later call goes by.
    package init(
        requestsMaximum: Int, discardBytesMaximum: Int, timeouts: ConnectionTimeouts = ConnectionTimeouts(),
        now: Int64 = 0
    ) {
        self.requestsMaximum = requestsMaximum
        self.discardBytesMaximum = discardBytesMaximum
        timers = ConnectionTimers(timeouts: timeouts)
        timers.awaitFirstByte(now: now)
    }

    /// Whether the answer to the request in hand has to be the last.
    /// - Parameters:
    ///   - remainingBodyBytes: what is unread of a body of known length.
    ///   - hasMoreInput: whether bytes of a next request are in hand already; a half-closed peer's are still served.
    package func mustClose(remainingBodyBytes: Int?, hasMoreInput: Bool) -> Bool {
        if !isPersistent || isDraining || requestCount >= requestsMaximum { return true }
        if hasPeerFinished && !hasMoreInput { return true }
        switch body {
        case .ended: return false
        // RFC 9110 §10.1.1: without a 100 nobody can know whether the body will come.
        case .broken, .awaitingContinue: return true
        case .unread: return (remainingBodyBytes ?? 0) > discardBytesMaximum
        }
    }

    package var isBodyEnded: Bool { body == .ended }
    package var isBodyBroken: Bool { body == .broken }

    package mutating func handle(_ event: Event, now: Int64 = 0) -> Action {
        if event == .drain { isDraining = true }
        let before = phase
        let hadBegun = hasBegun
        let action = act(on: event)
        if phase != before || (hasBegun && !hadBegun) { setPhaseDeadline(from: before, now: now) }
        if event == .drain, phase == .head, !hasBegun {
            timers.shortenPhase(toNanoseconds: Self.drainFirstHeadNanoseconds, now: now)
        }
        return action
    }

    /// The server is about to stop: the next answer is the last.
    package mutating func noteDrain() { isDraining = true }

    private mutating func setPhaseDeadline(from before: Phase, now: Int64) {
        if before == .serving { timers.requestEnded() }
        switch phase {
        case .idle: timers.awaitNextRequest(now: now)
        case .head: timers.awaitHead(now: now)
        case .serving: timers.requestBegan()
        case .discarding: timers.awaitDiscarded(now: now)
        // Set when the last answer has gone (`lingerBegan`): until then the write has its own deadline.
        case .lingering: timers.requestBegan()
        case .closed: timers.clear()
        }
    }

    /// The last answer is sent and our side is shut: the rest is waited for so long.
    package mutating func lingerBegan(now: Int64) {
        timers.awaitLingered(now: now)
    }

    private mutating func act(on event: Event) -> Action {
        switch phase {
        case .idle, .head: return handleWhileWaiting(event)
        case .serving: return handleWhileServing(event)
        case .discarding: return handleWhileDiscarding(event)
        case .lingering:
            guard event == .peerFinished || event == .timeUp else { return .wait }
            phase = .closed
            return .close
        case .closed: return .wait
        }
    }

    private mutating func handleWhileWaiting(_ event: Event) -> Action {
        switch event {
        case .headBegan:
            phase = .head
            hasBegun = true
            return .wait
        case .head(let isPersistent, let hasBody, let expectsContinue):
            phase = .serving
            requestCount += 1
            discardedBytes = 0
            self.isPersistent = isPersistent
            body = !hasBody ? .ended : expectsContinue ? .awaitingContinue : .unread
            return .serve
        case .fault:
            phase = .lingering
            return .refuse
        case .timeUp where hasBegun:
            phase = .lingering
            return .refuseSlowness
        // A new connection may have its request on the way; one that is idle between requests has none.
        case .drain where phase == .head: return .wait
        case .peerFinished, .timeUp, .drain:
            phase = .closed
            return .close
        case .bodyBegan, .bodyEnded, .bodyBroken, .answered, .discarded: return .wait
        }
    }

    private mutating func handleWhileServing(_ event: Event) -> Action {
        switch event {
        case .bodyBegan:
            if body == .awaitingContinue { body = .unread }
        case .bodyEnded: body = .ended
        case .bodyBroken: body = .broken
        case .peerFinished:
            guard !hasPeerFinished else { return .wait }
            hasPeerFinished = true
            return .startGoneGrace
        case .answered(let isClosing):
            hasBegun = false
            if isClosing || body == .broken {
                // Also when the peer has finished: bytes that nobody has read would turn a close into a reset.
                phase = .lingering
                return .linger
            }
            phase = body == .ended ? .idle : .discarding
            return body == .ended ? .readNext : .discard
        case .headBegan, .head, .fault, .discarded, .drain, .timeUp: break
        }
        return .wait
    }

    private mutating func handleWhileDiscarding(_ event: Event) -> Action {
        switch event {
        case .discarded(let bytes):
            discardedBytes += bytes
            guard discardedBytes > discardBytesMaximum else { return .wait }
            phase = .lingering
            return .linger
        case .bodyEnded:
            body = .ended
            if isDraining {
                phase = .lingering
                return .linger
            }
            phase = .idle
            return .readNext
        case .bodyBroken, .timeUp:
            phase = .lingering
            return .linger
        case .peerFinished:
            phase = .closed
            return .close
        case .headBegan, .head, .fault, .bodyBegan, .answered, .drain: return .wait
        }
    }
}
