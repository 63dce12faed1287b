import EventLoop
import HTTPWire
import Logging

/// One client's connection: obeys `ConnectionLife`, moves bytes between socket, parser and handler.
// SAFETY: all state is touched on the server's loop only; whoever comes from elsewhere (a handler's body read or
// cancellation) goes through `loop.execute`.
final class Connection: @unchecked Sendable {
    /// What happens when the output buffer has been sent.
    enum AfterOutput { case stay, linger, close }

    let server: ServerCore
    let peerAddress: String
    /// Over the limit: gets its 503 without being read.
    let isRefused: Bool
    let descriptor: Int32

    var life: ConnectionLife
    var parser: RequestParser
    var deadlines = Deadlines()
    /// The request in hand; its number tells it from those before.
    var head: RequestHead?
    var requestNumber: UInt64 = 0
    var task: Task<Void, Never>?
    var bodyWait: BodyWait?
    var bodyReceivedBytes = 0
    var bodyWaitedNanoseconds: Int64 = 0
    var hasSentContinue = false
    var outputWait: CheckedContinuation<Void, Never>?
    /// What the connection has become after a 101.
    var session: WebSocketSession?
    /// The server has answered in the handler's stead.
    var isAnswered = false
    /// The answer on its way says `Connection: close`.
    var isAnsweringLast = false

    var registration: Registration?
    var interest = Readiness.readable
    var output: [UInt8] = []
    var sentBytes = 0
    var afterOutput = AfterOutput.stay
    var isAdvancing = false
    var hasReadEnd = false
    var hasSeenPeerFinish = false
    private var lingeredBytes = 0
    var timer: LoopTimer?
    var timerNanoseconds: Int64 = 0

    init(descriptor: Int32, peerAddress: String, isRefused: Bool, server: ServerCore) {
        self.descriptor = descriptor
        self.peerAddress = peerAddress
        self.isRefused = isRefused
        self.server = server
        parser = RequestParser(limits: server.limits)
        life = ConnectionLife(
            requestsMaximum: server.configuration.requestsPerConnectionMaximum,
            discardBytesMaximum: server.configuration.discardBytesMaximum)
    }

    var isClosed: Bool { registration == nil }
    var unsentBytes: Int { output.count - sentBytes }

    /// - Returns: false when the kernel refuses; the descriptor is closed then.
    func open() -> Bool {
        do {
            registration = try server.loop.register(descriptor, for: interest) { self.ready($0) }
            return true
        } catch {
            server.logger.error("a connection cannot be watched", metadata: ["reason": "\(error)"])
            StreamSocket.abort(descriptor)
            return false
        }
    }

    func begin() {
        if isRefused {
            _ = life.handle(.fault)
            refuse(
                RequestFault(status: 503, code: "too-many-connections", detail: "Too many connections; try later."),
                retryAfterSeconds: server.configuration.retryAfterSeconds)
        } else {
            if server.isDraining { _ = life.handle(.drain) }
            setPhaseDeadline(afterSeconds: server.configuration.headTimeoutSeconds)
        }
    }

    // MARK: Readiness

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { flush() }
        if readiness.contains(.readable), !isClosed { read() }
        if readiness.contains(.peerFinished), !isClosed { notePeerFinished() }
        // Whatever could still be read has been, or will never be asked for.
        if readiness.contains(.broken), !isClosed, !readiness.contains(.readable) || hasReadEnd { abort() }
        updateInterest()
    }

    private func read() {
        switch StreamSocket.receive(descriptor, into: &server.scratch) {
        case .bytes(let count):
            if life.phase == .lingering {
                lingeredBytes += count
                if lingeredBytes > server.configuration.lingerBytesMaximum { abort() }
            } else if let session = liveSession {
                session.received(server.scratch[..<count])
            } else {
                parser.receive(server.scratch[..<count])
                advance()
            }
        case .end:
            hasReadEnd = true
            if let session = liveSession { return session.peerFinished() }
            notePeerFinished()
            advance()
        case .wouldBlock: break
        case .failed: abort()
        }
    }

    private func notePeerFinished() {
        guard !hasSeenPeerFinish else { return }
        hasSeenPeerFinish = true
        // A WebSocket's handler may still have to take what came before: it learns of the end when that is read.
        guard liveSession == nil else { return }
        // Bytes before the end may hold whole requests: they are looked at before the life hears of it.
        if life.phase == .idle || life.phase == .head { advance() }
        obey(life.handle(.peerFinished))
    }

    // MARK: Moving on

    /// Takes from the parser whatever the phase can use. Never runs inside itself: a handler that answers at once
    /// returns here instead of recursing through a whole pipeline.
    func advance() {
        guard !isAdvancing, !isClosed else { return }
        isAdvancing = true
        var servedCount = 0
        while !isClosed, advanceOnce(&servedCount) {}
        isAdvancing = false
        flush()
        updateInterest()
    }

    /// - Returns: whether there may be more to do at once.
    private func advanceOnce(_ servedCount: inout Int) -> Bool {
        switch life.phase {
        case .idle, .head:
            guard unsentBytes < server.configuration.outputBytesMaximum, afterOutput == .stay else { return false }
            guard servedCount < server.configuration.requestsPerTurnMaximum else {
                server.loop.submit { self.advance() }
                return false
            }
            servedCount += 1
            return readHead()
        case .serving: return feedBodyWait()
        case .discarding: return discardBody()
        case .lingering, .closed: return false
        }
    }

    private func readHead() -> Bool {
        switch parser.next() {
        case .needMore where hasReadEnd:
            obey(life.handle(.peerFinished))
            return false
        case .needMore:
            if life.phase == .idle, !parser.isBetweenRequests {
                _ = life.handle(.headBegan)
                setPhaseDeadline(afterSeconds: server.configuration.headTimeoutSeconds)
            } else if life.phase == .head, !parser.isBetweenRequests {
                _ = life.handle(.headBegan)
            }
            return false
        case .head(let head):
            _ = life.handle(
                .head(
                    isPersistent: head.isPersistent, hasBody: head.framing != .none,
                    expectsContinue: head.expectsContinue))
            serve(head)
            return true
        case .fault(let fault):
            _ = life.handle(.fault)
            refuse(fault)
            return false
        case .body, .end: return true
        }
    }

    private func discardBody() -> Bool {
        switch parser.next() {
        case .needMore:
            if hasReadEnd { obey(life.handle(.peerFinished)) }
            return false
        case .body(let piece): obey(life.handle(.discarded(bytes: piece.count)))
        case .end: obey(life.handle(.bodyEnded))
        case .fault, .head: obey(life.handle(.bodyBroken))
        }
        return true
    }

    /// Does what the life says; `serve` and the refusals carry values and are done where these are at hand.
    func obey(_ action: ConnectionLife.Action) {
        switch action {
        case .wait, .serve, .refuse: break
        case .refuseSlowness:
            refuse(RequestFault(status: 408, code: "head-timeout", detail: "The request head came too slowly."))
        case .readNext:
            setPhaseDeadline(afterSeconds: server.configuration.idleTimeoutSeconds)
            if server.isDraining, parser.isBetweenRequests { return obey(life.handle(.drain)) }
            advance()
        case .discard:
            setPhaseDeadline(afterSeconds: server.configuration.bodyIdleTimeoutSeconds)
            advance()
        case .linger: finishOutput(.linger)
        case .close: finishOutput(.close)
        case .startGoneGrace: setGoneDeadline()
        }
    }

    /// One answer of the server's own, then the end.
    func refuse(_ fault: RequestFault, retryAfterSeconds: Int? = nil) {
        let response = server.problem(fault, retryAfterSeconds: retryAfterSeconds)
        _ = appendHead(of: response, minorVersion: 1, isClosing: true)
        append(response.bodyBytes ?? [])
        finishOutput(.linger)
    }

    func drain(firstHeadSeconds: Double) {
        // A request may have arrived that this turn has not looked at.
        if life.phase == .idle || life.phase == .head { read() }
        guard !isClosed else { return }
        obey(life.handle(.drain))
        liveSession?.drain()
        if life.phase == .head, parser.isBetweenRequests { setPhaseDeadline(afterSeconds: firstHeadSeconds) }
    }

    // MARK: The end

    /// Cuts the connection with a reset: nobody may take what was sent for complete.
    func abort() {
        guard !isClosed else { return }
        release()
        StreamSocket.abort(descriptor)
        server.connectionClosed(self)
    }

    func close() {
        guard !isClosed else { return }
        release()
        StreamSocket.close(descriptor)
        server.connectionClosed(self)
    }

    private func release() {
        if let registration { server.loop.deregister(registration) }
        registration = nil
        timer?.cancel()
        timer = nil
        output = []
        sentBytes = 0
        task?.cancel()
        task = nil
        failBodyWait(HTTPBody.Failure.incomplete)
        session?.connectionReleased()
        session = nil
        let wait = outputWait
        outputWait = nil
        wait?.resume()
    }
}
