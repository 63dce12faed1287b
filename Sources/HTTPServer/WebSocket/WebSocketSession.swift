import EventLoop
import HTTPWire
import Logging
import Metrics

/// One WebSocket on its connection: obeys `WebSocketLife`, moves messages between frames and handler.
///
/// All frames that one turn of the loop produces leave in one write: they gather in `outgoing` until the handler waits
/// for its next message, or the turn is over.
// SAFETY: all state is touched on the server's loop only; whoever comes from elsewhere (a handler's call or
// cancellation) goes through `loop.execute`.
final class WebSocketSession: @unchecked Sendable {
    /// What a waiting message costs besides its bytes.
    private static let messageOverheadBytes = 64
    /// A buffer larger than this is not kept when it is empty.
    private static let keptBufferBytes = 65_536

    let connection: Connection
    let server: ServerCore
    let limits: WebSocketLimits
    var life: WebSocketLife
    private var receiver: WebSocketReceiver
    private var sender: WebSocketSender
    private var handlerTask: Task<Void, Never>?

    /// Bytes that have come while the handler or the queue was full.
    private var unparsed: [UInt8] = []
    private var hasPeerFinished = false
    private var isParsing = false
    private var waiting: [WebSocket.Message] = []
    private var waitingStart = 0
    private var waitingBytes = 0
    /// The handler has taken a message and not asked for the next one.
    private var hasMessageInHand = false
    /// Messages the handler has taken since it last had to wait.
    var takenInRow = 0
    var receiveWait: LoopWait<WebSocket.Message?>?
    var sendWaits: [LoopWait<Void>] = []

    private var outgoing: [UInt8] = []
    private var isFlushDue = false
    private(set) var isReleased = false
    private(set) var isReceivingOver = false
    private(set) var isLost = false
    /// What the peer did wrong.
    private var fault: WebSocketFault?
    private var timer: LoopTimer?
    private var timerNanoseconds: Int64 = 0

    init(_ upgrade: WebSocketUpgrade, connection: Connection) {
        self.connection = connection
        server = connection.server
        limits = upgrade.limits
        life = WebSocketLife(limits: upgrade.limits, nowNanoseconds: EventLoop.monotonicNanoseconds)
        receiver = WebSocketReceiver(limits: upgrade.limits, deflate: upgrade.deflate)
        sender = WebSocketSender(limits: upgrade.limits, deflate: upgrade.deflate)
    }

    /// Starts the handler, then takes what has come behind the request.
    func begin(_ upgrade: WebSocketUpgrade, rest: [UInt8]) {
        WebSocketMetrics.connections.increment()
        server.requestBegan()
        armTimer()
        handlerTask = Task.immediate(executorPreference: server.loop) {
            let hasFailed = await self.run(upgrade)
            self.server.loop.execute {
                self.handlerEnded(hasFailed: hasFailed)
                self.server.requestEnded()
            }
        }
        if !rest.isEmpty { received(rest[...]) }
    }

    // MARK: What the connection tells

    /// Whether the socket should be read: the handler keeps up, and so does the peer.
    var wantsMoreInput: Bool {
        guard life.phase == .open else { return true }
        return unparsed.isEmpty && canTakeMore
    }

    func received(_ bytes: ArraySlice<UInt8>) {
        obey(.received)
        guard unparsed.isEmpty, !isParsing else { return unparsed.append(contentsOf: bytes) }
        var rest = bytes
        parse(&rest)
        if !rest.isEmpty { unparsed = Array(rest) }
        noteReading()
    }

    /// Nothing more will come; what has come is still looked at.
    func peerFinished() {
        hasPeerFinished = true
        if unparsed.isEmpty { obey(.peerFinished(hasUnansweredMessages: hasUnansweredMessages)) }
    }

    /// The connection's buffer is empty.
    func outputSent() {
        guard !isReleased, life.phase != .closed else { return }
        flushOutgoing()
        noteQueue()
        resumeReading()
        guard !sendWaits.isEmpty, queuedBytes <= limits.queueHighBytes else { return }
        let waits = sendWaits
        sendWaits = []
        for wait in waits { wait.resume(.success(())) }
    }

    /// The server stops.
    func drain() { obey(.drain) }

    /// The socket is gone.
    func connectionReleased() {
        guard !isReleased else { return }
        isReleased = true
        if life.phase != .closed {
            WebSocketMetrics.ended(.lost)
            isLost = true
        }
        timer?.cancel()
        timer = nil
        unparsed = []
        outgoing = []
        WebSocketMetrics.connections.decrement()
        endReceiving()
        failSends()
        handlerTask?.cancel()
        handlerTask = nil
    }

    // MARK: In

    private var canTakeMore: Bool {
        guard life.phase == .open else { return true }
        return waitingBytes < limits.waitingBytesMaximum && waiting.count - waitingStart < limits.waitingCountMaximum
            && queuedBytes <= limits.queueHighBytes
    }

    private func parse(_ input: inout ArraySlice<UInt8>) {
        isParsing = true
        defer { isParsing = false }
        var messageCount = 0
        while canTakeMore, let event = receiver.next(&input) {
            switch event {
            case .message(let message):
                messageCount += 1
                take(message)
            case .ping(let payload):
                // RFC 6455 §5.5.2; above the queue's mark nothing is read, so a flood of them cannot fill the memory.
                guard life.maySend else { continue }
                WebSocketFrame.append(.pong, payload[...], to: &outgoing)
                dueFlush()
            case .pong: break
            case .close(let close):
                obey(.closeReceived(close, hasUnansweredMessages: hasUnansweredMessages))
            case .fault(let fault):
                self.fault = fault
                obey(.fault(fault, hasUnansweredMessages: hasUnansweredMessages))
            }
        }
        if messageCount > 0 { WebSocketMetrics.messagesReceived.increment(by: messageCount) }
    }

    /// Takes up what had to wait, now that there may be room.
    private func resumeReading() {
        guard !isReleased, !isParsing, !unparsed.isEmpty || !life.isReading else { return }
        if !unparsed.isEmpty, canTakeMore {
            let before = unparsed
            unparsed = []
            var rest = before[...]
            parse(&rest)
            if !rest.isEmpty { unparsed = Array(rest) + unparsed }
            if unparsed.isEmpty, hasPeerFinished { obey(.peerFinished(hasUnansweredMessages: hasUnansweredMessages)) }
        }
        noteReading()
        connection.updateInterest()
    }

    private func noteReading() {
        let isReading = wantsMoreInput
        if isReading != life.isReading { obey(.reading(isReading)) }
    }

    private var hasUnansweredMessages: Bool { hasMessageInHand || waitingStart < waiting.count }

    private func take(_ message: WebSocket.Message) {
        // After a close frame of ours nobody asks for more (§5.5.1 lets data go on until the peer has seen it).
        guard life.phase == .open else { return }
        // One that was cancelled takes nothing with it.
        if let wait = receiveWait, !wait.isOver {
            receiveWait = nil
            hasMessageInHand = true
            wait.resume(.success(message))
        } else {
            waiting.append(message)
            waitingBytes += Self.cost(of: message)
        }
    }

    private static func cost(of message: WebSocket.Message) -> Int {
        switch message {
        case .text(let text): text.utf8.count + messageOverheadBytes
        case .binary(let bytes): bytes.count + messageOverheadBytes
        }
    }

    /// The next message that is there; the handler has done with the one before.
    func nextWaiting() -> WebSocket.Message? {
        hasMessageInHand = false
        guard waitingStart < waiting.count else {
            flushOutgoing()
            if life.phase == .finishing { obey(.allAnswered) }
            return nil
        }
        let message = waiting[waitingStart]
        waiting[waitingStart] = .binary([])
        waitingStart += 1
        waitingBytes -= Self.cost(of: message)
        hasMessageInHand = true
        if waitingStart == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            waitingStart = 0
            resumeReading()
        }
        return message
    }

    // MARK: Out

    var queuedBytes: Int { outgoing.count + connection.unsentBytes }

    /// Appends a message's frames. - Returns: whether the queue is short enough to go on at once.
    func enqueue(_ message: WebSocket.Message) throws(WebSocket.Failure) -> Bool {
        guard life.maySend, !isReleased else { throw isLost ? .lost : .closed }
        if queuedBytes > limits.queueHighBytes {
            obey(.sending(queuedBytes: queuedBytes))
            guard life.maySend else { throw .lost }
        }
        sender.append(message, to: &outgoing)
        WebSocketMetrics.messagesSent.increment()
        guard queuedBytes > limits.queueHighBytes else {
            dueFlush()
            return true
        }
        flushOutgoing()
        guard life.maySend else { throw .lost }
        return queuedBytes <= limits.queueHighBytes
    }

    /// Makes sure that what has gathered leaves in this turn or the next.
    private func dueFlush() {
        guard !isFlushDue else { return }
        isFlushDue = true
        server.loop.submit {
            self.isFlushDue = false
            self.flushOutgoing()
        }
    }

    /// Hands over what has gathered, once what was handed over before has gone: the connection's buffer is always sent
    /// to its end and never grows at one end while it shrinks at the other.
    /// - Parameter isLast: at once, for the connection ends when its buffer is empty.
    private func flushOutgoing(isLast: Bool = false) {
        guard !isReleased, !outgoing.isEmpty, isLast || connection.unsentBytes == 0 else { return }
        connection.append(outgoing)
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= Self.keptBufferBytes)
        connection.flush()
        noteQueue()
    }

    private func noteQueue() {
        let bytes = queuedBytes
        guard bytes > limits.queueHighBytes || life.isSlow else { return }
        obey(.queued(bytes: bytes))
    }

    // MARK: The life

    func obey(_ event: WebSocketLife.Event) {
        guard !isReleased else { return }
        switch life.handle(event, nowNanoseconds: EventLoop.monotonicNanoseconds) {
        case .none: break
        case .ping:
            releaseMemory()
            WebSocketFrame.append(.ping, [], to: &outgoing)
            flushOutgoing()
        case .close(let close):
            endReceiving()
            failSends()
            appendClose(close)
            flushOutgoing()
            // What waited to be read may hold the peer's close frame.
            resumeReading()
        case .end(let close): end(close)
        case .cut(let reason):
            WebSocketMetrics.ended(reason)
            isLost = true
            connection.abort()
        }
        armTimer()
    }

    private func end(_ close: WebSocketClose?) {
        isLost = life.hasFailed
        if let fault {
            WebSocketMetrics.ended(.fault)
            server.logger.debug(
                "a WebSocket failed", metadata: ["code": "\(fault.code.value)", "reason": "\(fault.reason)"])
        } else {
            WebSocketMetrics.ended(isLost ? .lost : .closed)
        }
        if let close { appendClose(close) }
        endReceiving()
        failSends()
        flushOutgoing(isLast: true)
        unparsed = []
        guard !isReleased else { return }
        connection.endWebSocket()
    }

    private func appendClose(_ close: WebSocketClose) {
        WebSocketFrame.append(.close, close.payload[...], to: &outgoing)
    }

    private func endReceiving() {
        isReceivingOver = true
        waiting = []
        waitingStart = 0
        waitingBytes = 0
        let wait = receiveWait
        receiveWait = nil
        wait?.resume(isLost ? .failure(WebSocket.Failure.lost) : .success(nil))
    }

    private func failSends() {
        let waits = sendWaits
        sendWaits = []
        for wait in waits { wait.resume(.failure(isLost ? WebSocket.Failure.lost : .closed)) }
    }

    private func handlerEnded(hasFailed: Bool) {
        handlerTask = nil
        obey(.handlerEnded(hasFailed: hasFailed))
    }

    /// A connection that has been silent gives back what only traffic needs.
    private func releaseMemory() {
        receiver.releaseMemory()
        sender.releaseMemory()
        if outgoing.isEmpty { outgoing = [] }
        if waiting.isEmpty { waiting = [] }
    }

    private func armTimer() {
        guard !isReleased, let nearest = life.nextDeadlineNanoseconds else { return }
        if timer != nil, timerNanoseconds <= nearest { return }
        timer?.cancel()
        timerNanoseconds = nearest
        let seconds = Double(nearest - EventLoop.monotonicNanoseconds) / 1_000_000_000
        timer = server.loop.schedule(afterSeconds: seconds) {
            self.timer = nil
            self.obey(.timeUp(queuedBytes: self.queuedBytes))
        }
    }
}
