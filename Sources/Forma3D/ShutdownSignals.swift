import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT: the first one asks for a drain, the second one ends the process at once.
///
/// libdispatch delivers them from a thread of its own (through signalfd), so that nothing runs in a signal handler.
package final class ShutdownSignals: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let onSecond: @Sendable () -> Void
    // SAFETY: written once in `install` before the value is shared, then only kept alive.
    private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

    /// - Parameter onSecond: the last act before the process ends at once; must not block.
    package static func install(onSecond: @escaping @Sendable () -> Void = {}) -> ShutdownSignals {
        let signals = ShutdownSignals(onSecond: onSecond)
        let queue = DispatchQueue(label: "forma3d.signals")
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)  // the default action would win over the source
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak signals] in
                for _ in 0..<max(1, source.data) { signals?.received(number) }
            }
            source.activate()
            signals.sources.append(source)
        }
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

    /// The same as a first signal, from inside: a part failed that the server cannot do without.
    package func requestShutdown() {
        let waiters = state.withLock { state in
            state.count = max(1, state.count)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
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
