import EventLoop
import HTTPWire
import Logging
import Routing

/// The listening sockets of a server and who may come in.
struct Door {
    /// Connections taken in one turn, so that a flood of new ones cannot starve the old.
    static let acceptsPerTurnMaximum = 64
    /// Refused connections that may linger at once; beyond them a connection is closed without an answer.
    static let refusalsMaximum = 256

    struct Listener {
        let descriptor: Int32
        var registration: Registration?
    }

    var listeners: [Listener] = []
    var admission: Admission
    var refusedCount = 0
    /// When room was last looked for: a look costs as much as there are connections.
    var lookedForRoomNanoseconds = Int64.min
    /// Given up for a moment when there are no others: a connection can be refused in words then.
    var reserve: Int32?
    private let isTrustedProxy: @Sendable (String) -> Bool

    init(configuration: HTTPServerConfiguration) {
        admission = Admission(
            connectionsMaximum: configuration.connectionsMaximum,
            perAddressMaximum: configuration.connectionsPerAddressMaximum)
        isTrustedProxy = configuration.isTrustedProxy
        reserve = StreamSocket.openReserve()
    }

    func countedAddress(_ peerAddress: String) -> String? {
        isTrustedProxy(peerAddress) ? nil : Self.share(peerAddress)
    }

    /// The address whose share a connection counts against; nil for a trusted proxy. The holder of an IPv6 network has
    /// 2^64 addresses, so the network counts (RFC 6177).
    private static func share(_ peerAddress: String) -> String {
        guard let address = NetworkAddress(peerAddress), !address.isVersion4 else { return peerAddress }
        return address.network64.description
    }

    mutating func left(_ connection: Connection) {
        guard !connection.hasGivenWay else { return }
        if connection.isRefused { refusedCount -= 1 } else { admission.left(address: connection.countedAddress) }
    }
}

/// Accepting.
extension ServerCore {
    private static let lookForRoomEveryNanoseconds: Int64 = 20_000_000
    /// One in so many is closed at once when the server is full: looking for them costs a look at all.
    private static let giveWayFraction = 128

    static let full = RequestFault(
        status: 503, code: "too-many-connections", detail: "Too many connections; try again later.")
    static let addressFull = RequestFault(
        status: 503, code: "too-many-connections-of-address",
        detail: "Too many connections from this address; close some or try again later.")

    func listen(on descriptor: Int32) {
        guard !isDraining else { return StreamSocket.close(descriptor) }
        door.listeners.append(Door.Listener(descriptor: descriptor))
        watchListeners()
    }

    private func watchListeners() {
        if door.reserve == nil { door.reserve = StreamSocket.openReserve() }
        for index in door.listeners.indices where door.listeners[index].registration == nil {
            let descriptor = door.listeners[index].descriptor
            do {
                door.listeners[index].registration = try loop.register(descriptor, for: .readable) { _ in
                    self.accept(from: descriptor)
                }
            } catch {
                logger.critical("a listener cannot be watched", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Everybody who is in the backlog.
    func acceptWaiting() {
        for listener in door.listeners { accept(from: listener.descriptor, countMaximum: configuration.listenBacklog) }
    }

    private func accept(from listener: Int32, countMaximum: Int = Door.acceptsPerTurnMaximum) {
        for _ in 0..<countMaximum {
            switch StreamSocket.accept(listener) {
            case .connection(let descriptor, let peerAddress): admit(descriptor, peerAddress: peerAddress)
            case .skipped: continue
            case .none: return
            case .exhausted(let errorNumber):
                refuseWithReserve(listener)
                return restFromAccepting(errorNumber)
            }
        }
    }

    /// Takes a connection that somebody else has made: one end of a socket pair, in tests.
    func adopt(_ descriptor: Int32) {
        admit(descriptor, peerAddress: "")
    }

    private func admit(_ descriptor: Int32, peerAddress: String) {
        let counted = door.countedAddress(peerAddress)
        var verdict = door.admission.ask(address: counted)
        if verdict == .full {
            makeRoom()
            verdict = door.admission.ask(address: counted)
        }
        guard verdict == .admitted || door.refusedCount < Door.refusalsMaximum else {
            return StreamSocket.abort(descriptor)
        }
        let connection = Connection(
            descriptor: descriptor, peerAddress: peerAddress, countedAddress: counted,
            isRefused: verdict != .admitted, server: self)
        if connection.isRefused { door.refusedCount += 1 }
        guard connection.open() else { return door.left(connection) }
        add(connection)
        switch verdict {
        case .admitted: connection.begin()
        case .full: connection.beginRefused(Self.full)
        case .addressFull: connection.beginRefused(Self.addressFull)
        }
    }

    /// Closes those that have waited longest for a request, idle ones and slow heads alike: who only waits cannot keep
    /// out who has something to ask.
    private func makeRoom() {
        let now = loop.turnNanoseconds
        guard door.lookedForRoomNanoseconds <= now - Self.lookForRoomEveryNanoseconds else { return }
        door.lookedForRoomNanoseconds = now
        let latest = loop.turnNanoseconds - HTTPServerConfiguration.nanoseconds(configuration.giveWayAfterSeconds)
        let waiting = connections.compactMap { $0 }
            .filter { !$0.isRefused && $0.waitingSince <= latest && $0.canGiveWay }
            .sorted { $0.waitingSince < $1.waitingSince }
        let count = max(1, configuration.connectionsMaximum / Self.giveWayFraction)
        for connection in waiting.prefix(count) { connection.giveWay() }
    }

    // MARK: Without descriptors

    /// The reserve is given up to take one connection and tell it; nothing else would ever answer it.
    private func refuseWithReserve(_ listener: Int32) {
        guard let reserve = door.reserve else { return }
        StreamSocket.close(reserve)
        door.reserve = nil
        if case .connection(let descriptor, _) = StreamSocket.accept(listener) {
            let response = problem(Self.full, retryAfterSeconds: configuration.retryAfterSeconds)
            var output: [UInt8] = []
            if (try? ResponseEncoder.appendHead(
                of: response, minorVersion: 1, date: date, isClosing: true, to: &output)) != nil
            {
                output += response.bodyBytes ?? []
                _ = StreamSocket.send(descriptor, output, from: 0)
                StreamSocket.finishSending(descriptor)
            }
            StreamSocket.close(descriptor)
        }
        door.reserve = StreamSocket.openReserve()
    }

    /// Without descriptors accept fails at once and for ever while the listener stays readable: rest, do not spin.
    private func restFromAccepting(_ errorNumber: Int32) {
        noteAcceptPause(SystemError.text(errorNumber))
        for index in door.listeners.indices {
            if let registration = door.listeners[index].registration { loop.deregister(registration) }
            door.listeners[index].registration = nil
        }
        loop.schedule(afterSeconds: configuration.acceptPauseSeconds) { self.watchListeners() }
    }

    func closeListeners() {
        // Before it is closed: a successor that finds nobody behind the file would put its own there.
        if let path = configuration.socketPath { StreamSocket.removeSocketFile(path) }
        for listener in door.listeners {
            if let registration = listener.registration { loop.deregister(registration) }
            StreamSocket.close(listener.descriptor)
        }
        door.listeners = []
    }
}
