import EventLoop
import HTTPWire
import Metrics

/// From the handler to the connection's buffer, one batch after the other.
extension WebSocketSession {
    /// A buffer larger than this is not kept when it is empty.
    private static let keptBufferBytes = 65_536

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
    func dueFlush() {
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
    func flushOutgoing(isLast: Bool = false) {
        guard !isReleased, !outgoing.isEmpty, isLast || connection.unsentBytes == 0 else { return }
        connection.append(outgoing)
        outgoing.removeAll(keepingCapacity: outgoing.capacity <= Self.keptBufferBytes)
        connection.flush()
        noteQueue()
    }

    func noteQueue() {
        let bytes = queuedBytes
        guard bytes > limits.queueHighBytes || life.isSlow else { return }
        obey(.queued(bytes: bytes))
    }
}
