import Synchronization

/// Wakes who waits in this process directly after a commit, and those in others through the notifier (DESIGN §3.10).
package final class WakeUps: Sendable {
    /// What there is news of; each is a channel of LISTEN and NOTIFY.
    enum Topic: String, Hashable, Sendable, CaseIterable {
        case work = "forma3d_jobs"
        case events = "forma3d_events"
    }

    private struct State {
        var flags: [Topic: [WakeFlag]] = [:]
        /// To be told to other processes.
        var untold: Set<Topic> = []
    }

    private let state = Mutex(State())
    /// Raised for the notifier.
    let telling = WakeFlag()

    package init() {}

    /// Called after a commit that brought work; never inside a transaction. Cheap, and many become one.
    package func signal() { signal([.work]) }

    func signal(_ topics: Set<Topic>) {
        let flags = state.withLock { state in
            state.untold.formUnion(topics)
            return topics.flatMap { state.flags[$0] ?? [] }
        }
        for flag in flags { flag.raise() }
        telling.raise()
    }

    /// Another process says so, or nobody can tell what was missed.
    func heard(_ topics: Set<Topic>) {
        for flag in state.withLock({ state in topics.flatMap { state.flags[$0] ?? [] } }) { flag.raise() }
    }

    /// What others have to be told since the last time.
    func takeUntold() -> Set<Topic> {
        state.withLock { state in
            defer { state.untold = [] }
            return state.untold
        }
    }

    /// They could not be told.
    func tellAgain(_ channels: [String]) {
        state.withLock { $0.untold.formUnion(channels.compactMap(Topic.init(rawValue:))) }
        telling.raise()
    }

    /// A flag that every signal raises, from now on until it is taken away.
    func add(_ flag: WakeFlag, to topic: Topic) {
        state.withLock { $0.flags[topic, default: []].append(flag) }
    }

    func remove(_ flag: WakeFlag, from topic: Topic) {
        state.withLock { $0.flags[topic]?.removeAll { $0 === flag } }
    }
}
