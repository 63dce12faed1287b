import EventLoop
import HTTPWire
import Logging

/// Does what the life says, and asks it again when a deadline has come.
extension WebSocketSession {
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

    func endReceiving() {
        isReceivingOver = true
        waiting = WaitingMessages()
        let wait = receiveWait
        receiveWait = nil
        wait?.resume(isLost ? .failure(WebSocket.Failure.lost) : .success(nil))
    }

    func failSends() {
        let waits = sendWaits
        sendWaits = []
        for wait in waits { wait.resume(.failure(isLost ? WebSocket.Failure.lost : .closed)) }
    }

    func handlerEnded(hasFailed: Bool) {
        handlerTask = nil
        obey(.handlerEnded(hasFailed: hasFailed))
    }

    /// A connection that has been silent gives back what only traffic needs.
    private func releaseMemory() {
        receiver.releaseMemory()
        sender.releaseMemory()
        if outgoing.isEmpty { outgoing = [] }
        if waiting.isEmpty { waiting = WaitingMessages() }
    }

    func armTimer() {
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
