import Glibc
package import Logging
import Processes
import Synchronization

/// A PostgreSQL of the program's own: data under `DATA_DIR`, reachable through a Unix socket only, looked after for as
/// long as the program runs.
///
/// The postmaster is in a session of its own and survives a `kill -9` of the program; the next start adopts it.
package final class PrivateCluster: Sendable {
    private struct State {
        var server: ServerProcess
        var isStopping = false
    }

    private static let watchInterval: Duration = .milliseconds(200)
    private static let restartPauseMaximum: Duration = .seconds(30)
    /// A server that ran so long did not die of its own start.
    private static let steadyRunMinimum: Duration = .seconds(10)

    /// libpq URI of the program's database, as an ordinary role that owns it.
    package let databaseURL: String
    /// The same server's `postgres` database, as its superuser: for tests and for an operator's repair.
    package let administratorURL: String
    /// Where the socket is: 0700, outside `DATA_DIR`.
    package var socketDirectory: String { start.address.socketDirectory }
    /// Holding the lock on `DATA_DIR` proves that no other program uses this database: whatever a predecessor held
    /// (leases) may be freed at once.
    package var isSoleOwner: Bool { ownerLock.isHeld }
    /// The server had been left running by a predecessor.
    package let wasAdopted: Bool

    private let ownerLock: OwnerLock
    private let start: ClusterStart
    private let state: Mutex<State>
    private let logger: Logger

    /// `.forma3d`; as root `/var/lib/forma3d`, because the server's user cannot enter root's home.
    package static var defaultDataDirectory: String { UserAccount.isRoot ? "/var/lib/forma3d" : ".forma3d" }

    /// Takes the data directory, makes the cluster when there is none, and has its server running and answering.
    ///
    /// - Parameters:
    ///   - dataDirectory: `DATA_DIR`; nil takes `defaultDataDirectory`.
    ///   - tuning: settings of the server beyond the built-in ones, `["fsync": "off"]`.
    /// - Throws: `PrivateClusterError`, whose text tells the operator what to do.
    package static func open(
        dataDirectory: String?, tuning: [String: String] = [:], logger: Logger
    ) async throws -> PrivateCluster {
        let directory = try await DataDirectory.prepare(dataDirectory ?? defaultDataDirectory)
        let lock = try OwnerLock.take(directory.lockPath)
        do {
            let binaries = try await ClusterInitialisation(directory: directory, logger: logger).makeIfMissing()
            let start = ClusterStart(
                address: try ClusterAddress(directory), binaries: binaries, tuning: tuning, logger: logger)
            let server = try await start.adoptOrStart()
            do {
                try await start.makeRoleAndDatabase()
            } catch {
                await start.end(server)
                throw error
            }
            return PrivateCluster(lock: lock, start: start, server: server, logger: logger)
        } catch {
            lock.release()
            throw error
        }
    }

    /// Gives `body` the URL of the cluster in that directory, whether a program uses it now or not: a server that runs
    /// is used beside its owner, else the cluster runs for as long as `body` does.
    /// - Throws: `PrivateClusterError`; what `body` throws.
    package static func withDatabaseURL<Value: Sendable>(
        dataDirectory: String?, logger: Logger, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let path = dataDirectory ?? defaultDataDirectory
        if let url = try await urlOfRunningServer(path) { return try await body(url) }
        let cluster = try await open(dataDirectory: path, logger: logger)
        do {
            let value = try await body(cluster.databaseURL)
            await cluster.stop()
            return value
        } catch {
            await cluster.stop()
            throw error
        }
    }

    /// Where to reach the cluster of a data directory while its server runs under another process; nil when there is
    /// no such cluster or its server does not run. Starts nothing.
    package static func urlOfRunningServer(_ path: String) async throws -> String? {
        guard FileFacts.isDirectory(path) else { return nil }
        let address = try ClusterAddress(try await DataDirectory.prepare(path))
        guard let running = address.runningServer(),
            try await address.answers(running.server, within: .seconds(10))
        else { return nil }
        return address.databaseURL
    }

    private init(lock: OwnerLock, start: ClusterStart, server: ServerProcess, logger: Logger) {
        ownerLock = lock
        self.start = start
        self.logger = logger
        state = Mutex(State(server: server))
        databaseURL = start.address.databaseURL
        administratorURL = start.address.administratorURL
        wasAdopted = server.isAdopted
    }

    /// The postmaster's process number.
    package var processID: Int32 { state.withLock { $0.server.processID } }

    /// Looks after the server until the task is cancelled: when it dies, it is started again.
    ///
    /// Cancelling leaves the server running; `stop()` ends it.
    package func run() async throws {
        var pause: Duration = .zero
        var startedAt = ContinuousClock.now
        while !isStopping {
            try await Task.sleep(for: Self.watchInterval)
            let server = state.withLock { $0.server }
            guard !server.isAlive, !isStopping else { continue }
            logger.error("the private PostgreSQL has ended, starting it again")
            pause = startedAt.duration(to: .now) >= Self.steadyRunMinimum ? .zero : pause
            try await Task.sleep(for: pause)
            pause = min(max(pause * 2, .seconds(1)), Self.restartPauseMaximum)
            startedAt = .now
            await restart()
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func restart() async {
        do {
            let server = try await start.adoptOrStart()
            let isTooLate = state.withLock { state in
                state.server = server
                return state.isStopping
            }
            if isTooLate { await start.end(server) }
        } catch {
            logger.error("the private PostgreSQL does not start", metadata: ["reason": "\(error)"])
        }
    }

    /// Ends the server, fast and then at once, and gives the data directory back. Call it when nobody uses the
    /// database any more: after the drain.
    package func stop() async {
        let server = state.withLock { state in
            state.isStopping = true
            return state.server
        }
        await start.end(server)
        start.address.removeSocketDirectory()
        ownerLock.release()
    }

    /// For tests: gives the data directory back and leaves the server running, as `kill -9` of the program does.
    package func releaseOwnershipAsIfKilled() {
        state.withLock { $0.isStopping = true }
        ownerLock.release()
    }
}

/// The private cluster cannot be had; the text is for the operator.
package struct PrivateClusterError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
