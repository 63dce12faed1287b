import Synchronization

/// Rings at a time that may be moved again and again, beside a loop that sleeps until it is called.
///
/// A race between the call and a timer would cost the loop two more changes of task on its way to the work; here the
/// timer is a task of its own, which mostly finds that the time was moved on and goes back to sleep.
final class Alarm: Sendable {
    private struct State {
        var due: ContinuousClock.Instant?
        /// What the timer sleeps for; nil while it waits for an alarm to be set.
        var armed: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let isEarlier = WakeFlag()

    /// Replaces the time it had.
    func set(_ due: ContinuousClock.Instant) {
        let isEarlier = state.withLock { state in
            state.due = due
            return state.armed.map { due < $0 } ?? true
        }
        if isEarlier { self.isEarlier.raise() }
    }

    func clear() { state.withLock { $0.due = nil } }

    /// Until cancelled.
    func keep(_ ring: @Sendable () -> Void) async {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            let (armed, isDue) = state.withLock { state -> (ContinuousClock.Instant?, Bool) in
                let isDue = state.due.map { $0 <= now } ?? false
                if isDue { state.due = nil }
                state.armed = state.due
                return (state.armed, isDue)
            }
            if isDue { ring() }
            if let armed { await isEarlier.wait(atMost: armed - now) } else { await isEarlier.wait() }
        }
    }
}
