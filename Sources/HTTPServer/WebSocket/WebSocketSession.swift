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
    let connection: Connection
    let server: ServerCore
    let limits: WebSocketLimits
    var life: WebSocketLife
    var receiver: WebSocketReceiver
    var sender: WebSocketSender
    var handlerTask: Task<Void, Never>?

    /// Bytes that have come while the handler or the queue was full.
    var unparsed: [UInt8] = []
    var hasPeerFinished = false
    var isParsing = false
    var waiting = WaitingMessages()
    /// The handler has taken a message and not asked for the next one.
    var hasMessageInHand = false
    /// Messages the handler has taken since it last had to wait.
    var takenInRow = 0
    var takenInRowBytes = 0
    var receiveWait: LoopWait<WebSocket.Message?>?
    var sendWaits: [LoopWait<Void>] = []

    var outgoing: [UInt8] = []
    var isFlushDue = false
    private(set) var isReleased = false
    var isReceivingOver = false
    var isLost = false
    /// What the peer did wrong.
    var fault: WebSocketFault?
    var timer: LoopTimer?
    var timerNanoseconds: Int64 = 0

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
        server.sessionBegan()
        armTimer()
        handlerTask = Task.immediate(executorPreference: server.loop) {
            let hasFailed = await self.run(upgrade)
            self.server.loop.execute {
                self.handlerEnded(hasFailed: hasFailed)
                self.server.sessionEnded()
            }
        }
        // Its first steps may have met a broken connection.
        if isReleased { handlerTask?.cancel() }
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
}
