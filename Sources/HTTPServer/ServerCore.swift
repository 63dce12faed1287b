import EventLoop
import FoundationEssentials
import HTTPWire
import Kernel
import Logging
import Metrics
import Routing

/// What the loop holds of a server: the listener, the connections and what they share.
// SAFETY: the `let`s are Sendable values; every `var` is touched on the loop only (`HTTPServer` goes through
// `loop.execute`, connections run there).
final class ServerCore: @unchecked Sendable {
    private static let scratchBytes = 65_536
    /// Connections taken in one turn, so that a flood of new ones cannot starve the old.
    private static let acceptsPerTurnMaximum = 64
    /// Refused connections that may linger at once; beyond them a connection is closed without an answer.
    private static let refusalsMaximum = 256
    /// What a new connection has to send its request when the server is about to stop.
    private static let drainFirstHeadSeconds = 0.5
    /// After the deadline: for cancelled handlers to end.
    private static let cancelGraceSeconds = 1.0

    let configuration: HTTPServerConfiguration
    let limits: RequestLimits
    let loop: EventLoop
    let logger: Logger
    let identities: Identities
    let responder: HTTPServer.Responder
    var scratch = [UInt8](repeating: 0, count: ServerCore.scratchBytes)
    private let time: Time
    private let connectionGauge: Gauge

    private var listener: Int32?
    private var listenerRegistration: Registration?
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var refusedCount = 0
    private var requestsInFlight = 0
    private(set) var isDraining = false
    private var onDrained: [@Sendable () -> Void] = []
    private var dateSecond: Int64 = -1
    private var dateText = ""

    init(
        configuration: HTTPServerConfiguration, loop: EventLoop, logger: Logger, identities: Identities, time: Time,
        responder: @escaping HTTPServer.Responder
    ) {
        self.configuration = configuration
        limits = configuration.requestLimits
        self.loop = loop
        self.logger = logger
        self.identities = identities
        self.time = time
        self.responder = responder
        connectionGauge = Gauge(label: "http_server_connections")
    }

    // MARK: Accepting

    func listen(on descriptor: Int32) {
        guard !isDraining else { return StreamSocket.close(descriptor) }
        listener = descriptor
        watchListener()
    }

    private func watchListener() {
        guard let listener, listenerRegistration == nil else { return }
        do {
            listenerRegistration = try loop.register(listener, for: .readable) { _ in self.acceptWaiting() }
        } catch {
            logger.critical("the listener cannot be watched", metadata: ["reason": "\(error)"])
        }
    }

    private func acceptWaiting() {
        guard let listener else { return }
        for _ in 0..<Self.acceptsPerTurnMaximum {
            switch StreamSocket.accept(listener) {
            case .connection(let descriptor, let peerAddress): admit(descriptor, peerAddress: peerAddress)
            case .skipped: continue
            case .none: return
            case .exhausted(let errorNumber): return restFromAccepting(errorNumber)
            }
        }
    }

    /// Without descriptors accept fails at once and for ever while the listener stays readable: rest, do not spin.
    private func restFromAccepting(_ errorNumber: Int32) {
        logger.error("no new connections for a moment", metadata: ["reason": "\(SystemError.text(errorNumber))"])
        Counter(label: "http_server_accept_pauses_total").increment()
        if let listenerRegistration { loop.deregister(listenerRegistration) }
        listenerRegistration = nil
        loop.schedule(afterSeconds: configuration.acceptPauseSeconds) { self.watchListener() }
    }

    private func admit(_ descriptor: Int32, peerAddress: String) {
        let isRefused = connections.count - refusedCount >= configuration.connectionsMaximum
        guard !isRefused || refusedCount < Self.refusalsMaximum else { return StreamSocket.abort(descriptor) }
        let connection = Connection(
            descriptor: descriptor, peerAddress: peerAddress, isRefused: isRefused, server: self)
        guard connection.open() else { return }
        connections[ObjectIdentifier(connection)] = connection
        if isRefused { refusedCount += 1 }
        connectionGauge.record(connections.count)
        connection.begin()
    }

    // MARK: What connections tell

    func connectionClosed(_ connection: Connection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        if connection.isRefused { refusedCount -= 1 }
        connectionGauge.record(connections.count)
        finishDrainIfDone()
    }

    func requestBegan() {
        requestsInFlight += 1
    }

    func requestEnded() {
        requestsInFlight -= 1
        finishDrainIfDone()
    }

    /// The value of `Date`, made once a second (RFC 9110 §6.6.1).
    var date: String {
        let second = Int64(time.now().timeIntervalSince1970.rounded(.down))
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate.format(unixSeconds: second)
        }
        return dateText
    }

    /// An answer of the server's own, in the shape of every other problem.
    func problem(_ fault: RequestFault, retryAfterSeconds: Int? = nil) -> HTTPResponse {
        Counter(label: "http_server_refusals_total", dimensions: [("reason", fault.code)]).increment()
        let id = identities.uuid().uuidString.lowercased()
        let problem = Problem(
            code: fault.code, status: fault.status, detail: fault.detail, retryAfterSeconds: retryAfterSeconds)
        var response = problem.response(requestID: id)
        response.fields["x-request-id"] = id
        return response
    }

    // MARK: Draining

    func drain(withinSeconds seconds: Double, onDrained done: @escaping @Sendable () -> Void) {
        onDrained.append(done)
        if !isDraining {
            isDraining = true
            // Who is in the backlog has connected in good faith: served, then told to close.
            acceptWaiting()
            closeListener()
            for connection in Array(connections.values) {
                connection.drain(firstHeadSeconds: min(Self.drainFirstHeadSeconds, seconds))
            }
        }
        loop.schedule(afterSeconds: seconds) { self.force() }
        finishDrainIfDone()
    }

    private func closeListener() {
        if let listenerRegistration { loop.deregister(listenerRegistration) }
        listenerRegistration = nil
        if let listener { StreamSocket.close(listener) }
        listener = nil
    }

    private func force() {
        guard !onDrained.isEmpty else { return }
        if !connections.isEmpty {
            logger.warning("connections cut off at the deadline", metadata: ["count": "\(connections.count)"])
        }
        for connection in Array(connections.values) { connection.abort() }
        loop.schedule(afterSeconds: Self.cancelGraceSeconds) { self.tellDrained() }
    }

    private func finishDrainIfDone() {
        if isDraining, connections.isEmpty, requestsInFlight == 0 { tellDrained() }
    }

    private func tellDrained() {
        let waiting = onDrained
        onDrained = []
        for done in waiting { done() }
    }
}
