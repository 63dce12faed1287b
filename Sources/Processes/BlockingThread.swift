import CPlatform

/// Threads for system calls that block for long: waiting for a child, writing a whole file to disk.
package enum BlockingThread {
    private final class Start: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs `body` on a thread of its own. False when the system has none left.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let start = Unmanaged.passRetained(Start(body: body))
        let code = forma3d_start_blocking_thread(
            { argument in
                guard let argument else { return nil }
                // SAFETY: the pointer is the retained `Start` of this very call, taken back exactly once.
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque(), name)
        if code != 0 { start.release() }
        return code == 0
    }

    /// Runs `body` on a thread of its own and waits without blocking the caller's.
    /// - Throws: what `body` throws; `ProcessFailure` when there is no thread.
    package static func run<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let started = start(name) { continuation.resume(with: Result { try body() }) }
            if !started { continuation.resume(throwing: ProcessFailure("no thread left for \(name)")) }
        }
    }
}
