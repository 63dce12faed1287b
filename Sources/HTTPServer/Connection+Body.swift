import EventLoop
import HTTPWire
import Synchronization

/// A handler waiting for the next piece of its request's body.
final class BodyWait: Sendable {
    let continuation: CheckedContinuation<[UInt8]?, any Error>
    let startNanoseconds: Int64

    init(_ continuation: CheckedContinuation<[UInt8]?, any Error>, startNanoseconds: Int64) {
        self.continuation = continuation
        self.startNanoseconds = startNanoseconds
    }
}

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
            _ = life.handle(.bodyBegan)
            return .piece(piece)
        case .end:
            _ = life.handle(.bodyEnded)
            return .end
        case .needMore where !hasReadEnd: return .notYet
        case .needMore, .fault, .head:
            _ = life.handle(.bodyBroken)
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
        if let head, head.expectsContinue, !hasSentContinue, bodyReceivedBytes == 0 {
            hasSentContinue = true
            append(ResponseEncoder.continueBytes)
        }
        _ = life.handle(.bodyBegan)
        bodyWait = BodyWait(continuation, startNanoseconds: EventLoop.monotonicNanoseconds)
        setPhaseDeadline(afterSeconds: min(server.configuration.bodyIdleTimeoutSeconds, secondsWithinRate()))
        flush()
        advance()
    }

    /// How long this wait may last before the whole body is slower than the minimum rate.
    private func secondsWithinRate() -> Double {
        let configuration = server.configuration
        guard configuration.bodyBytesPerSecondMinimum > 0 else { return .greatestFiniteMagnitude }
        let earned = Double(bodyReceivedBytes) / configuration.bodyBytesPerSecondMinimum
        return max(0, configuration.bodyRateGraceSeconds + earned - Double(bodyWaitedNanoseconds) / 1_000_000_000)
    }

    /// Gives a waiting handler what has come.
    /// - Returns: whether something was given.
    func feedBodyWait() -> Bool {
        guard let wait = bodyWait else { return false }
        let step = bodyStep(of: requestNumber)
        if case .notYet = step { return false }
        endBodyWait()
        switch step {
        case .piece(let piece): wait.continuation.resume(returning: piece)
        case .end: wait.continuation.resume(returning: nil)
        case .failed(let failure): wait.continuation.resume(throwing: failure)
        case .notYet: break
        }
        return true
    }

    func failBodyWait(_ error: any Error) {
        guard let wait = bodyWait else { return }
        endBodyWait()
        wait.continuation.resume(throwing: error)
    }

    private func endBodyWait() {
        guard let wait = bodyWait else { return }
        bodyWaitedNanoseconds += EventLoop.monotonicNanoseconds - wait.startNanoseconds
        bodyWait = nil
        deadlines.phase = nil
    }
}
