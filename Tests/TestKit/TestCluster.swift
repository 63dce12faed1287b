import Glibc
package import Logging
import Migrations
import Postgres
package import PrivatePostgres
import Processes
import Synchronization

/// One private PostgreSQL for all tests of this process, with durability off. It ends with the process, however that
/// ends: a watcher in a session of its own clears up.
package final class TestCluster: Sendable {
    private static let template = "forma3d_template"
    private static let databasesMaximum = 16

    /// Durability is what tests do not need; connections are what they need many of.
    package static let tuning = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
        "shared_buffers": "64MB", "autovacuum": "off",
    ]

    /// The cluster of this process; the first who asks starts it.
    package static var shared: TestCluster {
        get async throws { try await opening.value }
    }

    // Owned by the process: it lives as long, and everybody who uses the cluster awaits it.
    private static let opening = Task { try await TestCluster() }

    package let cluster: PrivateCluster
    private let administrator: Database
    private let places = Places(TestCluster.databasesMaximum)
    private let count = Atomic<Int>(0)

    private init() async throws {
        let path = "/tmp/forma3d-test-\(getpid())"
        try await Self.removeLeftovers()
        let quiet = Logger.quiet
        cluster = try await PrivateCluster.open(dataDirectory: path, tuning: Self.tuning, logger: quiet)
        try Self.watch(path: path, cluster: cluster)
        administrator = Database(DatabaseConfiguration(url: cluster.administratorURL, poolSize: 4), logger: quiet)
        try await create(Self.template, from: "template0")
        try await use(Self.template, poolSize: 1) { database in
            try await Migrator(database: database, logger: quiet).migrate()
        }
    }

    /// See `withDatabase`.
    func withDatabase<Value: Sendable>(
        migrated: Bool, poolSize: Int, _ body: (Database) async throws -> Value
    ) async throws -> Value {
        await places.take()
        defer { places.giveBack() }
        let name = "test_\(count.wrappingAdd(1, ordering: .relaxed).newValue)"
        try await create(name, from: migrated ? Self.template : "template0")
        do {
            let value = try await use(name, poolSize: poolSize, body)
            try await drop(name)
            return value
        } catch {
            try? await drop(name)
            throw error
        }
    }

    private func create(_ name: String, from template: String) async throws {
        try await administrator.execute(
            Query(unsafeSQL: "CREATE DATABASE \(name) OWNER forma3d TEMPLATE \(template)"))
    }

    private func drop(_ name: String) async throws {
        try await administrator.execute(Query(unsafeSQL: "DROP DATABASE \(name) WITH (FORCE)"))
    }

    private func use<Value: Sendable>(
        _ name: String, poolSize: Int, _ body: (Database) async throws -> Value
    ) async throws -> Value {
        let url = try PostgresURL(cluster.databaseURL).replacing(databaseName: name)
        let database = Database(DatabaseConfiguration(url: url.libpqURI, poolSize: poolSize), logger: .quiet)
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    // MARK: leaving nothing behind

    /// Outlives this process by a second: ends the server and removes its files.
    private static func watch(path: String, cluster: PrivateCluster) throws {
        let script = """
            tail --pid="$1" -f /dev/null
            kill -QUIT "$2" 2>/dev/null
            tail --pid="$2" -f /dev/null
            rm -rf -- "$3" "$4"
            """
        let socketDirectory = cluster.socketDirectory
        _ = try RunningProcess.start(
            Command(
                "/bin/sh",
                ["-c", script, "forma3d-test-watcher", "\(getpid())", "\(cluster.processID)", path, socketDirectory],
                environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/"))
    }

    /// What a run left whose watcher was killed, too.
    private static func removeLeftovers() async throws {
        let script = """
            for directory in /tmp/forma3d-test-*; do
                [ -d "$directory" ] || continue
                kill -0 "${directory##*-}" 2>/dev/null && continue
                [ -r "$directory/postgres/postmaster.pid" ] || continue
                server=$(head -n 1 "$directory/postgres/postmaster.pid")
                [ "/proc/$server/cwd" -ef "$directory/postgres" ] && kill -QUIT "$server"
                rm -rf -- "$directory"
            done
            """
        try await RunningProcess.run(
            Command("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/"))
    }
}

extension Logger {
    /// Says nothing.
    package static var quiet: Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }
}

/// A number of places that are taken and given back, first come, first served.
private final class Places: Sendable {
    private struct State {
        var free: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiters.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
