import EventLoop
import HTTPWire
import Logging

/// Sending: what a turn produced leaves in one call at its end, and what happens when all has gone.
extension Connection {
    func append(_ bytes: [UInt8]) {
        output.append(bytes)
        server.flushSoon(self)
    }

    func appendChunk(_ piece: [UInt8]) {
        guard !piece.isEmpty else { return }
        if piece.count < OutputQueue.largeBytes {
            output.write { ResponseEncoder.appendChunk(piece, to: &$0) }
        } else {
            output.write { ResponseEncoder.appendChunkSize(piece.count, to: &$0) }
            output.append(piece)
            output.append(ResponseEncoder.chunkEnd)
        }
        server.flushSoon(self)
    }

    /// - Returns: false when the answer holds something that must not go on the wire; nothing is appended then.
    func appendHead(of response: HTTPResponse, minorVersion: Int, isClosing: Bool) -> Bool {
        do {
            try output.write { (output) throws(ResponseEncoder.Refusal) in
                try ResponseEncoder.appendHead(
                    of: response, minorVersion: minorVersion, date: server.date, isClosing: isClosing, to: &output)
            }
            server.flushSoon(self)
            return true
        } catch {
            server.logger.error("an answer was refused", metadata: ["reason": "\(error)"])
            return false
        }
    }

    func finishOutput(_ after: AfterOutput) {
        afterOutput = after
        server.flushSoon(self)
    }

    /// Sends what there is. Called at the end of a turn, and when the socket has room again.
    func flush() {
        guard !isClosed else { return }
        while !output.isEmpty {
            switch output.send(to: descriptor) {
            case .bytes(let count):
                life.timers.outputProgressed(count)
            case .wouldBlock, .end:
                life.timers.outputBlocked(now: now)
                armTimer()
                return updateInterest()
            case .failed: return abort()
            }
        }
        outputSent()
    }

    private func outputSent() {
        life.timers.outputEmptied()
        if let wait = outputWait {
            outputWait = nil
            wait.resume()
        }
        switch afterOutput {
        case .stay:
            // Requests that had to wait for the backlog to go.
            if life.phase == .idle, parser.bufferedBytes > 0 { server.advanceSoon(self) }
        case .close: return close()
        case .linger:
            guard !hasReadEnd else { return close() }
            afterOutput = .stay
            StreamSocket.finishSending(descriptor)
            life.lingerBegan(now: now)
            armTimer()
            // What is buffered counts for nothing now; the socket is read on.
            updateInterest()
        }
        // Last: it may append and flush again, or end the connection.
        session?.outputSent()
        if interest != .readable { updateInterest() }
    }

    func updateInterest() {
        guard let registration else { return }
        var wanted: Readiness = []
        if !output.isEmpty { wanted.insert(.writable) }
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
