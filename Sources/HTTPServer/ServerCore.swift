import EventLoop
import FoundationEssentials
import HTTPWire
import Kernel
import Logging
import Metrics
import Routing

/// What the loop holds of a server: the connections, the requests of this turn, and what all of them share.
// SAFETY: the `let`s are Sendable values or used on the loop only; every `var` is touched on the loop only
// (`HTTPServer` goes through `loop.execute`, connections and handler tasks run there).
final class ServerCore: @unchecked Sendable {
    private static let scratchBytes = 65_536

    let configuration: HTTPServerConfiguration
    let limits: RequestLimits
    let timeouts: ConnectionTimeouts
    let loop: EventLoop
    let logger: Logger
    let responder: HTTPServer.Responder
    let scratch = ReceiveBuffer(bytes: ServerCore.scratchBytes)
    // SAFETY: unchecked for speed; lent to one connection at a time for a few lines that call nothing of the server.
    /// The buffer in which most requests are parsed.
    @exclusivity(unchecked) var spareInput: [UInt8] = []
    var door: Door
    private(set) var connections: [Connection?] = []
    private(set) var connectionCount = 0
    private(set) var isDraining = false

    private let overloadLagNanoseconds: Int64
    private let identities: Identities
    private let time: Time
    private let tasks: HandlerTasks
    private let counters: ServerCounters
    private var refusalLog: OncePerSecondByAddress
    private var requestsInFlight = 0
    private var sessionsInFlight = 0
    private var servedInTurn = 0
    private var handledInTurn = 0
    private var toFlush: [Connection] = []
    private var toAdvance: [Connection] = []
    private var isTurnPlanned = false
    private var onDrained: [@Sendable () -> Void] = []
    private var dateTurn: Int64 = .min
    private var dateLine = DateLine(unixSeconds: 0)

    init(
        configuration: HTTPServerConfiguration, loop: EventLoop, logger: Logger, identities: Identities, time: Time,
        responder: @escaping HTTPServer.Responder
    ) {
        self.configuration = configuration
        limits = configuration.requestLimits
        timeouts = configuration.connectionTimeouts
        overloadLagNanoseconds = HTTPServerConfiguration.nanoseconds(configuration.overloadLagSeconds)
        self.loop = loop
        self.logger = logger
        self.identities = identities
        self.time = time
        self.responder = responder
        tasks = HandlerTasks(loop: loop)
        counters = ServerCounters()
        refusalLog = OncePerSecondByAddress()
        door = Door(configuration: configuration)
    }

    // MARK: One turn

    /// Its handler runs in this turn, after every socket has been read. What was answered leaves at the turn's end, one
    /// call for each connection.
    func serveSoon(_ connection: Connection) {
        requestsInFlight += 1
        // One that is at work takes its next request itself.
        guard !connection.isAtWork else { return }
        tasks.submit(connection)
        planTurn()
    }

    /// Whether this turn may answer one more request: the sockets have to be looked at again some time.
    var mayServe: Bool { servedInTurn < configuration.requestsPerTurnMaximum }

    func servedOne() { servedInTurn += 1 }

    /// The same for handlers, so that answers that need none cannot keep them waiting.
    var mayHandle: Bool { handledInTurn < configuration.requestsPerTurnMaximum }

    func handledOne() { handledInTurn += 1 }

    /// Others wait for their turn already: who comes now waits behind them.
    var hasWaiting: Bool { !toAdvance.isEmpty }

    /// Goes on with a connection's requests when those before it have had their turn: first come, first served.
    func advanceSoon(_ connection: Connection) {
        guard !connection.isToAdvance else { return }
        connection.isToAdvance = true
        toAdvance.append(connection)
        planTurn()
    }

    func noteOverload() { counters.refused("overloaded") }

    /// The connection has had its turn and has more to be served.
    func serveOn(_ connection: Connection) {
        tasks.submit(connection)
        planTurn()
    }

    func flushSoon(_ connection: Connection) {
        guard !connection.isToBeFlushed else { return }
        connection.isToBeFlushed = true
        toFlush.append(connection)
        planTurn()
    }

    func requestEnded() {
        requestsInFlight -= 1
        if isDraining { finishDrainIfDone() }
    }

    /// A WebSocket's handler: waited for in a drain, and no request that keeps others waiting.
    func sessionBegan() { sessionsInFlight += 1 }

    func sessionEnded() {
        sessionsInFlight -= 1
        if isDraining { finishDrainIfDone() }
    }

    /// - Parameter path: probes are answered whatever happens: who asks for them would end a process that is only busy.
    func isOverloaded(for path: String) -> Bool {
        guard
            requestsInFlight >= configuration.requestsInFlightMaximum || loop.lagNanoseconds > overloadLagNanoseconds
        else { return false }
        return !configuration.alwaysServedPaths.contains(path)
    }

    private func planTurn() {
        guard !isTurnPlanned else { return }
        isTurnPlanned = true
        loop.atEndOfTurn { self.finishTurn() }
    }

    private func finishTurn() {
        isTurnPlanned = false
        advanceWaiting()
        tasks.pump { self.mayHandle }
        var index = 0
        // Flushing may end a connection, and ends with what it appends.
        while index < toFlush.count {
            let connection = toFlush[index]
            connection.isToBeFlushed = false
            connection.flush()
            index += 1
        }
        toFlush.removeAll(keepingCapacity: toFlush.capacity <= 4_096)
        servedInTurn = 0
        handledInTurn = 0
        if !tasks.isIdle || !toAdvance.isEmpty { planTurn() }
    }

    /// Those that had more to be served than a turn allowed, oldest first, as far as this one's budget goes.
    private func advanceWaiting() {
        guard !toAdvance.isEmpty else { return }
        let waiting = toAdvance
        toAdvance = []
        var count = 0
        while count < waiting.count, mayServe {
            let connection = waiting[count]
            count += 1
            connection.isToAdvance = false
            connection.advance()
        }
        // Before those that have just been put back.
        if count < waiting.count { toAdvance = waiting[count...] + toAdvance }
    }

    // MARK: Connections

    func add(_ connection: Connection) {
        let index = Int(connection.descriptor)
        while connections.count <= index { connections.append(nil) }
        connections[index] = connection
        connectionCount += 1
        counters.connections(connectionCount)
    }

    func connectionClosed(_ connection: Connection) {
        let index = Int(connection.descriptor)
        guard connections.indices.contains(index), connections[index] === connection else { return }
        connections[index] = nil
        connectionCount -= 1
        counters.connections(connectionCount)
        door.left(connection)
        if isDraining { finishDrainIfDone() }
    }

    /// The field `Date` of now (RFC 9110 §6.6.1), to the second.
    var date: DateLine {
        let turn = loop.turnNanoseconds / 250_000_000
        if turn != dateTurn {
            dateTurn = turn
            dateLine = DateLine(unixSeconds: Int64(time.now().timeIntervalSince1970.rounded(.down)))
        }
        return dateLine
    }

    // MARK: Answers of the server's own

    /// An answer of the server's own, in the shape of every other problem.
    func problem(_ fault: RequestFault, retryAfterSeconds: Int? = nil) -> HTTPResponse {
        let id = identities.uuid().uuidString.lowercased()
        let problem = Problem(
            code: fault.code, status: fault.status, detail: fault.detail, retryAfterSeconds: retryAfterSeconds)
        var response = problem.response(requestID: id)
        response.fields["x-request-id"] = id
        return response
    }

    /// The answer to bytes that are no request, with a log line at most once a second for each address.
    func refusal(_ fault: RequestFault, of peerAddress: String, retryAfterSeconds: Int? = nil) -> HTTPResponse {
        counters.refused(fault.code)
        if let unsaid = refusalLog.admit(peerAddress, nowNanoseconds: loop.turnNanoseconds) {
            logger.notice(
                "a request was refused",
                metadata: [
                    "reason": "\(fault.detail)", "code": "\(fault.code)", "status": "\(fault.status)",
                    "unsaid": "\(unsaid)",
                ])
        }
        return problem(fault, retryAfterSeconds: retryAfterSeconds)
    }

    func noteTimeout(_ due: ConnectionTimers.Due, phase: ConnectionLife.Phase) {
        counters.timedOut(due, phase: phase)
    }

    func noteAcceptPause(_ reason: String) {
        counters.acceptPaused()
        logger.error("no new connections for a moment", metadata: ["reason": "\(reason)"])
    }

    // MARK: Draining

    func drain(withinSeconds seconds: Double, onDrained done: @escaping @Sendable () -> Void) {
        onDrained.append(done)
        if !isDraining {
            isDraining = true
            // Who is in the backlog has connected in good faith: served, then told to close.
            acceptWaiting()
            closeListeners()
            for connection in connections { connection?.drain() }
        }
        loop.schedule(afterSeconds: seconds) { self.force() }
        finishDrainIfDone()
    }

    private func force() {
        guard !onDrained.isEmpty else { return }
        if connectionCount > 0 {
            logger.warning("connections cut off at the deadline", metadata: ["count": "\(connectionCount)"])
        }
        for connection in connections { connection?.abort() }
        loop.schedule(afterSeconds: HTTPServer.cancelGraceSeconds) { self.tellDrained() }
    }

    private func finishDrainIfDone() {
        if isDraining, connectionCount == 0, requestsInFlight == 0, sessionsInFlight == 0 { tellDrained() }
    }

    private func tellDrained() {
        tasks.stop()
        let waiting = onDrained
        onDrained = []
        for done in waiting { done() }
    }
}
