import FoundationEssentials
import Synchronization

/// The stand-in's clock: real time, turned forward on demand, and the pace of the vendors.
final class SandboxClock: Sendable {
    private struct State {
        var offsetSeconds = 0.0
        var pace: Pace
    }

    private let state: Mutex<State>
    private let started = ContinuousClock.now

    init(pace: Pace) {
        state = Mutex(State(pace: pace))
    }

    func now() -> Date {
        Date().addingTimeInterval(state.withLock { $0.offsetSeconds })
    }

    /// Real seconds since the start, for limits that no control may turn.
    var realSeconds: Double {
        let elapsed = (ContinuousClock.now - started).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    var pace: Pace {
        get { state.withLock { $0.pace } }
        set { state.withLock { $0.pace = newValue } }
    }

    func turnForward(seconds: Double) {
        state.withLock { $0.offsetSeconds += seconds }
    }

    func reset(pace: Pace) {
        state.withLock { $0 = State(pace: pace) }
    }
}

/// Wakes the one task that waits for the next thing to happen.
actor Alarm {
    private var waiter: CheckedContinuation<Void, Never>?
    private var hasRung = false

    func ring() {
        hasRung = true
        waiter?.resume()
        waiter = nil
    }

    /// Returns at once when it has rung since the last wait.
    func wait() async {
        if !hasRung { await withCheckedContinuation { waiter = $0 } }
        hasRung = false
    }
}
