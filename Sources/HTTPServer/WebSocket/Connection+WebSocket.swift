import EventLoop
import HTTPWire
import Logging

/// From HTTP to WebSocket and to the end. For `ConnectionLife` the WebSocket is one long answer: the phase stays
/// `serving` until it is over, then the connection lingers as after any last answer.
extension Connection {
    /// The session while it has the connection's bytes to itself.
    var liveSession: WebSocketSession? { life.phase == .serving ? session : nil }

    /// Sends the 101 and hands the connection over. Nobody is there any more, or another answer was given: nothing.
    func becomeWebSocket(_ upgrade: WebSocketUpgrade, answer: HTTPResponse, number: UInt64) {
        server.loop.preconditionCurrent()
        guard number == requestNumber, !isClosed, !isAnswered else { return }
        guard appendHead(of: answer, minorVersion: facts.minorVersion, isClosing: false) else { return refuseAnswer() }
        isAnswered = true
        worker = nil
        life.timers.requestEnded()
        let session = WebSocketSession(upgrade, connection: self)
        self.session = session
        session.begin(upgrade, rest: parser.takeRest())
        if hasReadEnd, !isClosed { session.peerFinished() }
        if server.isDraining, !isClosed { session.drain() }
        updateInterest()
    }

    /// The WebSocket is over, its last frame in the buffer.
    func endWebSocket() {
        obey(life.handle(.answered(isClosing: true), now: now))
    }
}
