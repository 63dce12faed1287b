import CPostgres
import Glibc
import Synchronization

/// Threads for calls of libpq and the resolver that block: never the cooperative pool (DESIGN §4).
enum BlockingThread {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a thread of its own that nobody joins. Linux shows the first 15 bytes of the name.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(PostgresError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let code = forma3d_pq_start_thread(
            { argument in
                guard let argument else { return nil }
                // SAFETY: the pointer is the retained `Start` of this very call, taken back exactly once.
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                forma3d_pq_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw PostgresError(kind: .unreachable, message: "no thread for a connection (\(code))")
        }
    }

    /// Runs `body` on a helper thread and waits for it, at most until the deadline or until `isInterrupted`.
    ///
    /// What comes too late is thrown away; the helper ends by itself.
    static func call<Value: Sendable>(
        _ name: String, wakeUp: WakeUp, until deadline: ContinuousClock.Instant, isInterrupted: () -> Bool,
        _ body: @escaping @Sendable () -> Value
    ) throws(PostgresError) -> Value? {
        let done = try WakeUp()
        let answer = Answer<Value>()
        try start(name) {
            answer.value.withLock { $0 = body() }
            done.signal()
        }
        while true {
            let events = wakeUp.sleep(watching: done.descriptor, for: Int16(POLLIN), until: deadline)
            if events != 0 { return answer.value.withLock { $0 } }
            if isInterrupted() || ContinuousClock.now >= deadline { return nil }
        }
    }

    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
