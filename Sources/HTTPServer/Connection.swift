import EventLoop
import HTTPWire
import Logging
import Synchronization

/// One client's connection: obeys `ConnectionLife`, moves bytes between socket, parser and handler.
// SAFETY: all state is touched on the server's loop only; whoever comes from elsewhere (a handler's body read or
// cancellation) goes through `loop.execute`.
final class Connection: @unchecked Sendable {
    /// What answering a request needs of its head.
    struct RequestFacts {
        var isHead = false
        var minorVersion = 1
        var framing = BodyFraming.none
        var expectsContinue = false
    }

    /// What happens when the output queue has been sent.
    enum AfterOutput { case stay, linger, close }

    /// Pipelined requests of one connection that are answered before the next connection has its turn.
    static let requestsInRowMaximum = 16

    let server: ServerCore
    let peerAddress: String
    /// Over a limit: gets its 503 without being read.
    let isRefused: Bool
    /// Its place is another's already, while its last answer is on the way.
    private(set) var hasGivenWay = false
    /// Counted against its address's share; nil for a trusted proxy.
    let countedAddress: String?
    let descriptor: Int32

    // SAFETY: unchecked for speed; none of these values calls back into its connection, so no access can meet another.
    @exclusivity(unchecked) var life: ConnectionLife
    @exclusivity(unchecked) var parser: RequestParser
    /// The handler of the request in hand until a task takes it.
    @exclusivity(unchecked) var handler: (@Sendable () async -> HTTPResponse)?
    /// What is to be known of the request when it is answered.
    var facts = RequestFacts()
    /// Tells it from those before.
    var requestNumber: UInt64 = 0
    /// The handler's time is up. Read by the handler, on whatever thread it ends.
    let hasTimeRunOut = Atomic(false)
    /// The task that runs its handler.
    var worker: HandlerTasks.Worker?
    var bodyWait: BodyWait?
    var bodyReceivedBytes = 0
    /// Of the route, once it is known.
    var bodyLimitBytes = Int.max
    var hasSentContinue = false
    var outputWait: CheckedContinuation<Void, Never>?
    /// What the connection has become after a 101.
    var session: WebSocketSession?
    /// The answer has begun, the handler's own or the server's in its stead.
    var isAnswered = false
    /// The answer on its way says `Connection: close`.
    var isAnsweringLast = false

    var registration: Registration?
    var interest = Readiness.readable
    @exclusivity(unchecked) var output = OutputQueue()
    var afterOutput = AfterOutput.stay
    /// A task of the server goes through its requests.
    var isAtWork = false
    /// Among those that the server flushes at the end of this turn.
    var isToBeFlushed = false
    /// Among those that go on when it is their turn; until then nothing of theirs is served.
    var isToAdvance = false
    private var isAdvancing = false
    private var requestsInRow = 0
    var hasReadEnd = false
    var hasSeenPeerFinish = false
    private var lingeredBytes = 0
    /// When it began to wait for a request: who waits longest makes room first.
    var waitingSince: Int64
    private var timer: LoopTimer?
    private var timerNanoseconds: Int64 = 0

    init(descriptor: Int32, peerAddress: String, countedAddress: String?, isRefused: Bool, server: ServerCore) {
        self.descriptor = descriptor
        self.peerAddress = peerAddress
        self.countedAddress = countedAddress
        self.isRefused = isRefused
        self.server = server
        parser = RequestParser(limits: server.limits)
        waitingSince = server.loop.turnNanoseconds
        life = ConnectionLife(
            requestsMaximum: server.configuration.requestsPerConnectionMaximum,
            discardBytesMaximum: server.configuration.discardBytesMaximum, timeouts: server.timeouts,
            now: server.loop.turnNanoseconds)
    }

    var isClosed: Bool { registration == nil }
    var unsentBytes: Int { output.unsentBytes }
    var now: Int64 { server.loop.turnNanoseconds }

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
        if server.isDraining { _ = life.handle(.drain, now: now) }
        armTimer()
    }

    /// Over a limit: one answer without reading.
    func beginRefused(_ fault: RequestFault) {
        _ = life.handle(.fault, now: now)
        refuse(fault, retryAfterSeconds: server.configuration.retryAfterSeconds)
    }

    // MARK: Readiness

    private func ready(_ readiness: Readiness) {
        if readiness == .readable { return read() }
        if readiness.contains(.writable) { flush() }
        if readiness.contains(.readable), !isClosed { read() }
        if readiness.contains(.peerFinished), !isClosed { notePeerFinished() }
        // Whatever could still be read has been, or will never be asked for.
        if readiness.contains(.broken), !isClosed, !readiness.contains(.readable) || hasReadEnd {
            // Both sides have finished: what was sent may still be on its way, and a reset would destroy it.
            if life.phase == .lingering || life.phase == .closed, output.isEmpty { close() } else { abort() }
        }
        updateInterest()
    }

    private func read() {
        switch StreamSocket.receive(descriptor, into: server.scratch) {
        case .bytes(let count):
            if life.phase == .lingering {
                lingeredBytes += count
                if lingeredBytes > server.configuration.lingerBytesMaximum { abort() }
            } else if let session = liveSession {
                session.received(Array(server.scratch.first(count))[...])
                updateInterest()
            } else {
                parser.lend(&server.spareInput)
                parser.receive(server.scratch.first(count))
                if server.hasWaiting, life.phase == .idle || life.phase == .head {
                    server.advanceSoon(self)
                } else {
                    advance()
                }
                parser.settle(&server.spareInput)
            }
        case .end:
            hasReadEnd = true
            if let session = liveSession {
                session.peerFinished()
                return updateInterest()
            }
            notePeerFinished()
            advance()
            updateInterest()
        case .wouldBlock: break
        case .failed: abort()
        }
    }

    private func notePeerFinished() {
        guard !hasSeenPeerFinish else { return }
        hasSeenPeerFinish = true
        // A WebSocket's handler may still have to take what came before: it learns of the end when that is read.
        guard liveSession == nil else { return }
        // Bytes before the end may hold whole requests, and there may be more of them than one turn serves: the life
        // hears of it when the parser has nothing left (`readHead`).
        if life.phase == .idle || life.phase == .head { return }
        obey(life.handle(.peerFinished, now: now))
    }

    // MARK: Moving on

    /// Takes from the parser whatever the phase can use. Never runs inside itself.
    func advance() {
        guard !isAdvancing, !isToAdvance, !isClosed else { return }
        isAdvancing = true
        requestsInRow = 0
        while !isClosed, advanceOnce() {}
        isAdvancing = false
        if !isClosed, parser.bufferedBytes >= server.configuration.inputBytesMaximum || interest != .readable {
            updateInterest()
        }
    }

    /// - Returns: whether there may be more to do at once.
    private func advanceOnce() -> Bool {
        switch life.phase {
        case .idle, .head:
            guard unsentBytes < server.configuration.outputBytesMaximum, afterOutput == .stay else { return false }
            guard requestsInRow < Self.requestsInRowMaximum, server.mayServe else {
                server.advanceSoon(self)
                return false
            }
            return readHead()
        case .serving: return feedBodyWait()
        case .discarding: return discardBody()
        case .lingering, .closed: return false
        }
    }

    private func readHead() -> Bool {
        switch parser.next() {
        case .needMore:
            if hasReadEnd {
                obey(life.handle(.peerFinished, now: now))
            } else if !parser.isBetweenRequests {
                _ = life.handle(.headBegan, now: now)
                armTimer()
            }
            return false
        case .head(let head):
            _ = life.handle(
                .head(
                    isPersistent: head.isPersistent, hasBody: head.framing != .none,
                    expectsContinue: head.expectsContinue), now: now)
            requestsInRow += 1
            serve(head)
            return life.phase != .serving
        case .fault(let fault):
            _ = life.handle(.fault, now: now)
            refuse(fault)
            return false
        case .body, .end: return true
        }
    }

    private func discardBody() -> Bool {
        switch parser.next() {
        case .needMore:
            if hasReadEnd { obey(life.handle(.peerFinished, now: now)) }
            return false
        case .body(let piece): obey(life.handle(.discarded(bytes: piece.count), now: now))
        case .end: obey(life.handle(.bodyEnded, now: now))
        case .fault, .head: obey(life.handle(.bodyBroken, now: now))
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
            waitingSince = now
            armTimer()
            if server.isDraining, parser.isBetweenRequests { return obey(life.handle(.drain, now: now)) }
            if parser.bufferedBytes == 0 { parser.settle(&server.spareInput) }
            if parser.bufferedBytes > 0 || hasReadEnd { advance() }
        case .discard:
            armTimer()
            advance()
        case .linger: finishOutput(.linger)
        case .close: finishOutput(.close)
        case .startGoneGrace:
            life.timers.limitGone(now: now)
            armTimer()
        }
    }

    /// One answer of the server's own, then the end.
    func refuse(_ fault: RequestFault, retryAfterSeconds: Int? = nil) {
        let response = server.refusal(fault, of: peerAddress, retryAfterSeconds: retryAfterSeconds)
        _ = appendHead(of: response, minorVersion: 1, isClosing: true)
        append(response.bodyBytes ?? [])
        finishOutput(.linger)
    }

    func drain() {
        // A request may have arrived that this turn has not looked at.
        if life.phase == .idle || life.phase == .head { read() }
        guard !isClosed else { return }
        life.noteDrain()
        // One whose request waits for its turn gets its answer first, and that says `close`.
        guard life.phase != .idle || parser.isBetweenRequests else { return }
        obey(life.handle(.drain, now: now))
        liveSession?.drain()
        armTimer()
    }

    /// Whether it only waits for a request, and may be ended to make room for another.
    var canGiveWay: Bool {
        (life.phase == .idle || life.phase == .head) && !isToAdvance && !isToBeFlushed && output.isEmpty
    }

    func giveWay() {
        server.door.left(self)
        hasGivenWay = true
        obey(life.handle(.timeUp, now: now))
        flush()
    }

    // MARK: Time

    /// Makes sure that a timer is due when the nearest deadline is; a later one left over is asked again when it fires.
    func armTimer() {
        let nearest = life.timers.nearest
        guard nearest != .max, !isClosed else { return }
        if timer != nil, timerNanoseconds <= nearest { return }
        timer?.cancel()
        timerNanoseconds = nearest
        let seconds = Double(nearest - EventLoop.monotonicNanoseconds) / 1_000_000_000
        timer = server.loop.schedule(afterSeconds: seconds) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        while !isClosed, let due = life.timers.takeDue(now: now) {
            server.noteTimeout(due, phase: life.phase)
            switch due {
            case .write: abort()
            // One that is being answered learns of it by its writes.
            case .gone: if !isAnswered { worker?.task?.cancel() }
            case .handler: handlerTimeIsUp()
            case .handlerGrace: answerForHandler()
            case .body: bodyTimeIsUp()
            case .phase: obey(life.handle(.timeUp, now: now))
            }
        }
        armTimer()
        updateInterest()
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
        output.clear()
        worker?.task?.cancel()
        worker = nil
        if handler.take() != nil { server.requestEnded() }
        failBodyWait(HTTPBody.Failure.incomplete)
        session?.connectionReleased()
        session = nil
        let wait = outputWait
        outputWait = nil
        wait?.resume()
    }
}
