import EventLoop

/// The one task that waits for a link's socket, and what ends its wait: readiness, time, somebody's call.
///
/// Lives on the loop. One timer serves many waits: it is only set anew when it would come too late, and one that comes
/// too early looks again.
final class LinkWatch {
    private let loop: EventLoop
    private let descriptor: Int32
    private var registration: Registration?
    private var interest: Readiness = .readable
    private var waiter: UnsafeContinuation<Readiness, Never>?
    private var deadlineNanoseconds: Int64?
    private var timer: (timer: LoopTimer, dueNanoseconds: Int64)?
    /// What to do with input that nobody waits for.
    private var onIdleInput: () -> Void = {}

    init(_ descriptor: Int32, on loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
    }

    /// - Throws: `PostgresError` when the kernel refuses to watch the socket.
    func start(onIdleInput: @escaping () -> Void) throws(PostgresError) {
        self.onIdleInput = onIdleInput
        // SAFETY: registered here, deregistered in `end`, and both, like every call, happen on the loop.
        nonisolated(unsafe) weak let watch = self
        do {
            registration = try loop.register(descriptor, for: interest) { watch?.isReady($0) }
        } catch {
            throw PostgresError(kind: .unreachable, message: "\(error)")
        }
    }

    func end() {
        if let registration { loop.deregister(registration) }
        registration = nil
        timer?.timer.cancel()
        timer = nil
        onIdleInput = {}
        wake()
    }

    /// Waits until the socket is ready for one of these, the deadline has passed, or `wake`; the last two give nothing.
    func wait(for wanted: Readiness, untilNanoseconds deadline: Int64?) async -> Readiness {
        guard let registration else { return [] }
        if wanted != interest {
            interest = wanted
            loop.change(registration, to: wanted)
        }
        deadlineNanoseconds = deadline
        if let deadline { arm(deadline) }
        return await withUnsafeContinuation { waiter = $0 }
    }

    /// Ends the wait, if there is one.
    func wake() {
        let waiter = waiter.take()
        waiter?.resume(returning: [])
    }

    private func isReady(_ readiness: Readiness) {
        guard let waiter = waiter.take() else {
            // Between two waits: a socket that stays writable would keep the loop turning.
            if interest != .readable, let registration {
                interest = .readable
                loop.change(registration, to: .readable)
            }
            return onIdleInput()
        }
        loop.runAtOnce { waiter.resume(returning: readiness) }
    }

    private func arm(_ deadline: Int64) {
        if let timer, timer.dueNanoseconds <= deadline { return }
        timer?.timer.cancel()
        let afterSeconds = Double(max(0, deadline - EventLoop.monotonicNanoseconds)) / 1e9
        // SAFETY: timers fire on the loop, where everything of this object happens.
        nonisolated(unsafe) weak let watch = self
        timer = (loop.schedule(afterSeconds: afterSeconds) { watch?.timeHasCome() }, deadline)
    }

    private func timeHasCome() {
        timer = nil
        guard waiter != nil, let deadline = deadlineNanoseconds else { return }
        if deadline <= EventLoop.monotonicNanoseconds { wake() } else { arm(deadline) }
    }
}
