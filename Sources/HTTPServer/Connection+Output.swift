import EventLoop
import HTTPWire
import Logging

/// Sending: one buffer, one write for what a turn produced, and what happens when it is empty.
extension Connection {
    func append(_ bytes: [UInt8]) {
        output.append(contentsOf: bytes)
    }

    func appendChunk(_ piece: [UInt8]) {
        ResponseEncoder.appendChunk(piece, to: &output)
    }

    /// - Returns: false when the answer holds something that must not go on the wire; nothing is appended then.
    func appendHead(of response: HTTPResponse, minorVersion: Int, isClosing: Bool) -> Bool {
        let before = output.count
        do {
            try ResponseEncoder.appendHead(
                of: response, method: head?.method ?? .get, minorVersion: minorVersion, date: server.date,
                isClosing: isClosing, to: &output)
            return true
        } catch {
            output.removeLast(output.count - before)
            server.logger.error("an answer was refused", metadata: ["reason": "\(error)"])
            return false
        }
    }

    func finishOutput(_ after: AfterOutput) {
        afterOutput = after
        deadlines.phase = nil
        if !isAdvancing { flush() }
    }

    /// Sends what there is; inside `advance` only at its end, so that pipelined answers leave together.
    func flush() {
        guard !isClosed, !isAdvancing else { return }
        while sentBytes < output.count {
            switch StreamSocket.send(descriptor, output, from: sentBytes) {
            case .bytes(let count):
                sentBytes += count
                deadlines.write = nil
            case .wouldBlock, .end:
                if deadlines.write == nil { setWriteDeadline() }
                return updateInterest()
            case .failed: return abort()
            }
        }
        outputSent()
    }

    private func outputSent() {
        sentBytes = 0
        output.removeAll(keepingCapacity: output.capacity <= server.configuration.inputBytesMaximum)
        deadlines.write = nil
        let wait = outputWait
        outputWait = nil
        wait?.resume()
        switch afterOutput {
        case .stay:
            // Requests that had to wait for the backlog to go.
            if life.phase == .idle, parser.bufferedBytes > 0 { server.loop.submit { self.advance() } }
        case .close: close()
        case .linger:
            guard !hasReadEnd else { return close() }
            afterOutput = .stay
            StreamSocket.finishSending(descriptor)
            setPhaseDeadline(afterSeconds: server.configuration.lingerTimeoutSeconds)
        }
        // Last: it may append and flush again, or end the connection.
        session?.outputSent()
        updateInterest()
    }

    func updateInterest() {
        guard let registration else { return }
        var wanted: Readiness = []
        if sentBytes < output.count { wanted.insert(.writable) }
        if !hasReadEnd {
            let isFull =
                liveSession.map { !$0.wantsMoreInput }
                ?? (life.phase != .lingering && parser.bufferedBytes >= server.configuration.inputBytesMaximum)
            let isBehind = unsentBytes >= server.configuration.outputBytesMaximum
            if !isFull && !isBehind {
                wanted.insert(.readable)
            } else if !hasSeenPeerFinish {
                wanted.insert(.peerFinished)
            }
        }
        if wanted != interest {
            interest = wanted
            server.loop.change(registration, to: wanted)
        }
    }
}
