import CPlatform
import Synchronization

/// The children that have a `RunningProcess`, whose threads reap them, as opposed to those a PID 1 inherits.
package enum OwnChildren {
    private static let processIDs = Mutex<Set<Int32>>([])

    static func register(_ start: () throws -> Int32) rethrows -> Int32 {
        // The lock spans the fork: a child that ends at once is known by then.
        try processIDs.withLock { known in
            let processID = try start()
            known.insert(processID)
            return processID
        }
    }

    static func forget(_ processID: Int32, reap: () -> Void) {
        processIDs.withLock { known in
            reap()
            known.remove(processID)
        }
    }

    /// Reaps children this process did not start. A program that is PID 1 of a container calls it when SIGCHLD comes.
    ///
    /// Stops at an ended child of our own: its thread reaps it in a moment, and SIGCHLD comes again with the next.
    package static func reapInherited() {
        processIDs.withLock { known in
            while true {
                let processID = forma3d_ended_child()
                guard processID > 0, !known.contains(processID) else { return }
                var code: Int32 = 0
                var signal: Int32 = 0
                guard forma3d_reap(processID, &code, &signal) == 0 else { return }
            }
        }
    }
}
