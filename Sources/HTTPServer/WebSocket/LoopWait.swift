/// One suspended call of a handler: resumed once, by whoever is first, the event or the cancellation.
// SAFETY: every method is called on the loop only.
final class LoopWait<Value: Sendable>: @unchecked Sendable {
    private var continuation: CheckedContinuation<Value, any Error>?
    private var isCancelled = false
    private(set) var isOver = false

    /// - Returns: false when the task was cancelled before it came to wait; it is resumed then.
    func begin(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        guard !isCancelled else {
            isOver = true
            continuation.resume(throwing: CancellationError())
            return false
        }
        self.continuation = continuation
        return true
    }

    func resume(_ result: Result<Value, any Error>) {
        guard let waiting = continuation else { return }
        continuation = nil
        isOver = true
        waiting.resume(with: result)
    }

    func cancel() {
        isCancelled = true
        resume(.failure(CancellationError()))
    }
}
