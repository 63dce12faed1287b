import Synchronization

/// Wakes the workers of this process directly after a commit and those of others through the notifier (DESIGN §3.10).
package final class WakeUps: Sendable {
    /// The channel other processes listen on.
    static let channel = "forma3d_jobs"

    private let flags = Mutex<[WakeFlag]>([])

    package init() {}

    /// Called after a commit that brought work; never inside a transaction. Cheap, and many become one.
    package func signal() {
        for flag in flags.withLock({ $0 }) { flag.raise() }
    }

    /// A flag that every signal raises, from now on until it is taken away.
    func add(_ flag: WakeFlag) {
        flags.withLock { $0.append(flag) }
    }

    func remove(_ flag: WakeFlag) {
        flags.withLock { $0.removeAll { $0 === flag } }
    }
}
