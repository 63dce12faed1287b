import HTTPWire
import Metrics

/// From bytes to the handler, as long as it and the peer keep up.
extension WebSocketSession {
    var canTakeMore: Bool {
        guard life.phase == .open else { return true }
        return waiting.bytes < limits.waitingBytesMaximum && waiting.count < limits.waitingCountMaximum
            && queuedBytes <= limits.queueHighBytes
    }

    func parse(_ input: inout ArraySlice<UInt8>) {
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
    func resumeReading() {
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

    func noteReading() {
        let isReading = wantsMoreInput
        if isReading != life.isReading { obey(.reading(isReading)) }
    }

    var hasUnansweredMessages: Bool { hasMessageInHand || !waiting.isEmpty }

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
        }
    }

    /// The next message that is there; the handler has done with the one before.
    func nextWaiting() -> WebSocket.Message? {
        hasMessageInHand = false
        guard let message = waiting.takeFirst() else {
            flushOutgoing()
            if life.phase == .finishing { obey(.allAnswered) }
            return nil
        }
        hasMessageInHand = true
        if waiting.isEmpty { resumeReading() }
        return message
    }
}
