import Glibc
import Logging
import Postgres
import Processes

/// Has the server of a cluster running: adopts the one that runs, clears up after one that died, starts a new one.
struct ClusterStart: Sendable {
    /// The program's role and database. The role is an ordinary one: what runs here also runs on a managed database.
    static let applicationName = "forma3d"
    private static let superuser = "postgres"
    private static let port = 5432
    /// How long a predecessor's server may take to answer; it may be recovering or stopping.
    private static let adoptionLimit: Duration = .seconds(60)
    /// Recovery after a crash can take long; a server that ended is noticed at once.
    private static let startLimit: Duration = .seconds(600)
    private static let fastStopLimit: Duration = .seconds(8)
    private static let immediateStopLimit: Duration = .seconds(4)
    private static let orphanLimit: Duration = .seconds(3)
    private static let logBytesMaximum = 10 * 1024 * 1024

    let directory: DataDirectory
    let binaries: PostgresBinaries
    let socketDirectory: String
    let tuning: [String: String]
    let logger: Logger

    var databaseURL: String { url(user: Self.applicationName, database: Self.applicationName) }
    var administratorURL: String { url(user: Self.superuser, database: "postgres") }
    private var processFilePath: String { directory.clusterPath + "/postmaster.pid" }

    private func url(user: String, database: String) -> String {
        // The socket's directory is short and in a public place: make sure who answers there.
        let peer = directory.userName.map { "&requirepeer=\(percentEncoded($0))" } ?? ""
        return "postgresql://\(user)@/\(database)?host=\(percentEncoded(socketDirectory))&port=\(Self.port)\(peer)"
    }

    // MARK: starting

    func adoptOrStart() async throws -> ServerProcess {
        if let server = try await adopt() { return server }
        try await endOrphans()
        return try await start()
    }

    /// The server that runs on this cluster, when it answers.
    private func adopt() async throws -> ServerProcess? {
        guard let text = FileFacts.text(processFilePath) else { return nil }
        guard let file = PostmasterFile(text), ProcessTable.isRunning(file.processID, in: directory.clusterPath) else {
            // Dead, or its number is another process's by now: with the file there, PostgreSQL would refuse to start.
            logger.notice("removing the process file of a PostgreSQL that is gone")
            unlink(processFilePath)
            return nil
        }
        let server = ServerProcess(
            processID: file.processID, clusterPath: directory.clusterPath, child: nil)
        if file.socketDirectory == nil || file.socketDirectory == socketDirectory,
            try await answers(server, within: Self.adoptionLimit)
        {
            logger.notice("using the private PostgreSQL that runs already", metadata: ["pid": "\(file.processID)"])
            return server
        }
        if server.isAlive {
            logger.warning("ending a private PostgreSQL that does not answer", metadata: ["pid": "\(file.processID)"])
            await end(server)
        }
        unlink(processFilePath)
        return nil
    }

    private func start() async throws -> ServerProcess {
        limitLog()
        let command = try directory.serverCommand(
            binaries.path("postgres"), settings, clusterPath: directory.clusterPath,
            output: .file(path: directory.logPath))
        let child = try RunningProcess.start(command)
        let server = ServerProcess(
            processID: child.processID, clusterPath: directory.clusterPath, child: child)
        do {
            if try await answers(server, within: Self.startLimit) { return server }
        } catch {
            await end(server)
            throw error
        }
        await end(server)
        throw PrivateClusterError(
            "the private PostgreSQL does not start; the end of \(directory.logPath): "
                + FileFacts.tail(directory.logPath, bytes: 1_000))
    }

    private var settings: [String] {
        var settings = [
            "listen_addresses": "", "port": "\(Self.port)", "unix_socket_directories": socketDirectory,
            "unix_socket_permissions": "0700", "cluster_name": "forma3d", "max_connections": "100",
            "logging_collector": "off", "log_destination": "stderr",
            // Rows and values stay out of the log: they are people's addresses.
            "log_error_verbosity": "terse", "log_min_error_statement": "panic",
        ]
        settings.merge(tuning) { _, tuned in tuned }
        return settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    /// The log is for finding out why a server died; two files of 10 MiB are enough for that.
    private func limitLog() {
        guard let size = FileFacts.status(directory.logPath)?.st_size, size > Self.logBytesMaximum else { return }
        rename(directory.logPath, directory.logPath + ".1")
    }

    /// False when it ended or time is up.
    private func answers(_ server: ServerProcess, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while server.isAlive, ContinuousClock.now < deadline {
            do {
                try await asSuperuser { _ = try await $0.query("SELECT 1") }
                return true
            } catch is PostgresError {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        return false
    }

    // MARK: ending

    /// Fast, then at once, then by force.
    func end(_ server: ServerProcess) async {
        server.signal(SIGINT)
        if await server.hasEnded(within: Self.fastStopLimit) { return }
        logger.warning("the private PostgreSQL does not stop, stopping it at once")
        server.signal(SIGQUIT)
        if await server.hasEnded(within: Self.immediateStopLimit) { return }
        server.signal(SIGKILL)
        _ = await server.hasEnded(within: Self.immediateStopLimit)
        try? await endOrphans()
    }

    /// Backends whose postmaster died may work on a statement to its end; while they hold the shared memory, no new
    /// postmaster starts.
    private func endOrphans() async throws {
        for signal in [SIGQUIT, SIGKILL] {
            let deadline = ContinuousClock.now + Self.orphanLimit
            var orphans = ProcessTable.serverProcesses(in: directory.clusterPath)
            if orphans.isEmpty { return }
            logger.notice("ending orphans of a dead PostgreSQL", metadata: ["count": "\(orphans.count)"])
            for orphan in orphans { kill(orphan, signal) }
            while !orphans.isEmpty, ContinuousClock.now < deadline {
                await ProcessTable.pause()
                orphans = ProcessTable.serverProcesses(in: directory.clusterPath)
            }
        }
        guard ProcessTable.serverProcesses(in: directory.clusterPath).isEmpty else {
            throw PrivateClusterError("processes of a dead PostgreSQL in \(directory.clusterPath) cannot be ended")
        }
    }

    // MARK: the program's role and database

    func makeRoleAndDatabase() async throws {
        let name = Self.applicationName
        try await asSuperuser { session in
            if try await session.query("SELECT 1 FROM pg_roles WHERE rolname = \(name)").isEmpty {
                try await session.script("CREATE ROLE \(quotedIdentifier(name)) LOGIN")
            }
            if try await session.query("SELECT 1 FROM pg_database WHERE datname = \(name)").isEmpty {
                try await session.script(
                    "CREATE DATABASE \(quotedIdentifier(name)) OWNER \(quotedIdentifier(name))")
            }
        }
    }

    func asSuperuser<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        let configuration = DatabaseConfiguration(
            url: administratorURL, poolSize: 1, applicationName: "forma3d-supervisor")
        let quiet = Logger(label: "private-postgres") { _ in SwiftLogNoOpLogHandler() }
        let database = Database(configuration, logger: quiet)
        return try await database.withoutTransaction(body)
    }
}
