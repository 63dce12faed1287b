import Glibc
import Processes

/// A postmaster: started by us, or left behind by a predecessor and adopted.
struct ServerProcess: Sendable {
    let processID: Int32
    /// The real path of its data directory, which every process of the server has as its working directory.
    let clusterPath: String
    /// Nil when adopted: another process's child cannot be waited for.
    let child: RunningProcess?

    var isAdopted: Bool { child == nil }

    var isAlive: Bool {
        if let child { return child.isRunning }
        return ProcessTable.isRunning(processID, in: clusterPath)
    }

    func signal(_ number: Int32) {
        if let child {
            child.signal(number)
        } else if ProcessTable.isRunning(processID, in: clusterPath) {
            kill(processID, number)
        }
    }

    /// True when it ended in time.
    func hasEnded(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while isAlive {
            guard ContinuousClock.now < deadline else { return false }
            // Not `Task.sleep`'s throwing way out: a server must be ended also when the task is cancelled.
            await ProcessTable.pause()
        }
        return true
    }
}

/// What /proc says about processes.
enum ProcessTable {
    /// True when the process lives and has that working directory: process numbers are reused, directories are not.
    static func isRunning(_ processID: Int32, in directory: String) -> Bool {
        guard let wanted = FileFacts.identity(directory) else { return false }
        return FileFacts.identity("/proc/\(processID)/cwd") == wanted
    }

    /// PostgreSQL's processes that have that working directory.
    static func serverProcesses(in directory: String) -> [Int32] {
        guard let wanted = FileFacts.identity(directory) else { return [] }
        return FileFacts.names(in: "/proc").compactMap(PostmasterFile.number).filter { processID in
            guard let name = FileFacts.text("/proc/\(processID)/comm"), name.hasPrefix("postgres") else { return false }
            return FileFacts.identity("/proc/\(processID)/cwd") == wanted
        }
    }

    /// A few milliseconds on a thread that may sleep; not ended by cancellation.
    static func pause() async {
        _ = try? await BlockingThread.run("pause") { poll(nil, 0, 20) }
    }
}
