import Synchronization

/// Threads for geometry, never those of requests: the root hands them in.
package struct Workbench: Sendable {
    package typealias Perform = @Sendable (@escaping @Sendable () -> Void) async throws -> Void

    private let perform: Perform

    /// - Parameter perform: runs the closure on a thread that may be kept busy and returns when it has ended; throws when
    ///   too many wait, and when the task was cancelled before it began.
    package init(perform: @escaping Perform) {
        self.perform = perform
    }

    /// Where the caller is: for commands and tests.
    package static let here = Workbench { $0() }

    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let outcome = Outcome<Value>()
        try await perform { outcome.set(Result { try body() }) }
        return try outcome.get()
    }
}

private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

    func get() throws -> Value {
        guard let value = result.withLock({ $0 }) else { throw CancellationError() }
        return try value.get()
    }
}
