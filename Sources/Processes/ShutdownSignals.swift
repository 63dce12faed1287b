import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT: the first one asks for a drain, the second one ends the process at once.
///
/// libdispatch delivers them on a queue of its own (through signalfd), so that nothing of ours runs in a signal handler.
package final class ShutdownSignals: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let onSecond: @Sendable () -> Void
    private let sources: Mutex<[any DispatchSourceSignal]> = Mutex([])

    /// - Parameter onSecond: the last act before the process ends at once; must not block.
    package static func install(onSecond: @escaping @Sendable () -> Void = {}) -> ShutdownSignals {
        let signals = ShutdownSignals(onSecond: onSecond)
        let queue = DispatchQueue(label: "forma3d.signals")
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)  // the default action would win over the source
            signals.handle(number, on: queue) { [weak signals] in signals?.received(number) }
        }
        // Process 1 of a container inherits every orphan of it, and nobody else reaps them (ADR-048).
        if getpid() == 1 { signals.handle(SIGCHLD, on: queue) { OwnChildren.reapInherited() } }
        return signals
    }

    private init(onSecond: @escaping @Sendable () -> Void) {
        self.onSecond = onSecond
    }

    package var isShutdownRequested: Bool { state.withLock { $0.count > 0 } }

    /// Returns once the first signal has come, or `requestShutdown` was called. Not cancellable: a process waits for it
    /// to the end.
    package func shutdownRequested() async {
        await withCheckedContinuation { continuation in
            let isRequested = state.withLock { state in
                if state.count == 0 { state.waiters.append(continuation) }
                return state.count > 0
            }
            if isRequested { continuation.resume() }
        }
    }

    /// The same as a first signal, from inside: a part failed that the program cannot do without.
    package func requestShutdown() {
        let waiters = state.withLock { state in
            state.count = max(1, state.count)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func handle(_ number: Int32, on queue: DispatchQueue, _ action: @escaping @Sendable () -> Void) {
        sources.withLock { sources in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: action)
            source.activate()
            sources.append(source)
        }
    }

    private func received(_ number: Int32) {
        let count = state.withLock { state in
            state.count += 1
            return state.count
        }
        guard count == 1 else {
            onSecond()
            _exit(128 + number)
        }
        requestShutdown()
    }
}
