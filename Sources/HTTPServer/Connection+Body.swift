import EventLoop
import HTTPWire
import Synchronization

/// A handler waiting for the next piece of its request's body.
typealias BodyWait = CheckedContinuation<[UInt8]?, any Error>

/// Set when the reading task is cancelled, before or after its wait has begun.
private final class WaitCancellation: Sendable {
    let isCancelled = Atomic(false)
}

private enum BodyStep {
    case piece([UInt8])
    case end
    case failed(HTTPBody.Failure)
    case notYet
}

/// The request body: pulled by the handler, so that a slow handler slows the client down, not our memory.
extension Connection {
    /// The next piece for the handler of that request, from whatever thread it runs on.
    func nextPiece(of number: UInt64) async throws -> [UInt8]? {
        if server.loop.isCurrent {
            switch bodyStep(of: number) {
            case .piece(let piece): return piece
            case .end: return nil
            case .failed(let failure): throw failure
            case .notYet: break
            }
        }
        let cancellation = WaitCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                server.loop.execute {
                    if cancellation.isCancelled.load(ordering: .acquiring) {
                        continuation.resume(throwing: CancellationError())
                    } else {
                        self.wait(continuation, number: number)
                    }
                }
            }
        } onCancel: {
            cancellation.isCancelled.store(true, ordering: .releasing)
            server.loop.execute {
                if number == self.requestNumber { self.failBodyWait(CancellationError()) }
            }
        }
    }

    private func bodyStep(of number: UInt64) -> BodyStep {
        // Read after its request was answered: the bytes belong to nobody now.
        guard number == requestNumber, life.phase == .serving, !isClosed else { return .failed(.incomplete) }
        if life.isBodyEnded { return .end }
        if life.isBodyBroken { return .failed(.incomplete) }
        switch parser.next() {
        case .body(let piece):
            bodyReceivedBytes += piece.count
            life.timers.bodyCame(piece.count)
            _ = life.handle(.bodyBegan, now: now)
            guard bodyReceivedBytes <= bodyLimitBytes else { return .failed(.tooLarge(limitBytes: bodyLimitBytes)) }
            return .piece(piece)
        case .end:
            _ = life.handle(.bodyEnded, now: now)
            return .end
        // RFC 9110 §15.5.14: what a chunk says of itself is enough to refuse it.
        case .needMore where bodyReceivedBytes + min(parser.announcedChunkBytes, .max / 2) > bodyLimitBytes:
            return .failed(.tooLarge(limitBytes: bodyLimitBytes))
        case .needMore where !hasReadEnd: return .notYet
        case .needMore, .fault, .head:
            _ = life.handle(.bodyBroken, now: now)
            return .failed(.incomplete)
        }
    }

    private func wait(_ continuation: CheckedContinuation<[UInt8]?, any Error>, number: UInt64) {
        switch bodyStep(of: number) {
        case .piece(let piece): return continuation.resume(returning: piece)
        case .end: return continuation.resume(returning: nil)
        case .failed(let failure): return continuation.resume(throwing: failure)
        case .notYet: break
        }
        guard bodyWait == nil else { return continuation.resume(throwing: HTTPBody.Failure.incomplete) }
        // RFC 9110 §10.1.1: only now is it certain that the body is wanted.
        if facts.expectsContinue, !hasSentContinue, bodyReceivedBytes == 0 {
            hasSentContinue = true
            append(ResponseEncoder.continueBytes)
        }
        _ = life.handle(.bodyBegan, now: now)
        bodyWait = continuation
        life.timers.bodyWaitBegan(now: now)
        armTimer()
        if interest != .readable { updateInterest() }
    }

    /// Gives a waiting handler what has come.
    /// - Returns: whether something was given.
    func feedBodyWait() -> Bool {
        guard let wait = bodyWait else { return false }
        let step = bodyStep(of: requestNumber)
        if case .notYet = step { return false }
        endBodyWait()
        switch step {
        case .piece(let piece): wait.resume(returning: piece)
        case .end: wait.resume(returning: nil)
        case .failed(let failure): wait.resume(throwing: failure)
        case .notYet: break
        }
        return true
    }

    func failBodyWait(_ error: any Error) {
        guard let wait = bodyWait else { return }
        endBodyWait()
        wait.resume(throwing: error)
    }

    /// Too slow: the handler is told, and answers.
    func bodyTimeIsUp() {
        _ = life.handle(.bodyBroken, now: now)
        failBodyWait(HTTPBody.Failure.timedOut)
    }

    private func endBodyWait() {
        life.timers.bodyWaitEnded(now: now)
        bodyWait = nil
    }
}
