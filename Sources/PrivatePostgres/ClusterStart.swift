import Glibc
import Logging
import Postgres
import Processes

/// Has the server of a cluster running: adopts the one that runs, clears up after one that died, starts a new one.
struct ClusterStart: Sendable {
    /// How long a predecessor's server may take to answer; it may be recovering or stopping.
    private static let adoptionLimit: Duration = .seconds(60)
    /// Recovery after a crash can take long; a server that ended is noticed at once.
    private static let startLimit: Duration = .seconds(600)
    private static let fastStopLimit: Duration = .seconds(8)
    private static let immediateStopLimit: Duration = .seconds(4)
    private static let orphanLimit: Duration = .seconds(3)
    private static let logBytesMaximum = 10 * 1024 * 1024

    let address: ClusterAddress
    let binaries: PostgresBinaries
    let tuning: [String: String]
    let logger: Logger

    private var directory: DataDirectory { address.directory }

    // MARK: starting

    func adoptOrStart() async throws -> ServerProcess {
        if let server = try await adopt() { return server }
        try await endOrphans()
        do {
            return try await start()
        } catch {
            // A predecessor killed in the middle of its start can have left a server that was only just coming up.
            if let server = try await adopt() { return server }
            throw error
        }
    }

    /// The server that runs on this cluster, when it answers.
    private func adopt() async throws -> ServerProcess? {
        guard FileFacts.exists(address.processFilePath) else { return nil }
        guard let (server, file) = address.runningServer() else {
            // Dead, or its number is another process's by now: with the file there, PostgreSQL would refuse to start.
            logger.notice("removing the process file of a PostgreSQL that is gone")
            unlink(address.processFilePath)
            return nil
        }
        // Somebody may have emptied the temporary directory under a server: nobody can reach that one any more.
        let isReachable =
            file.status != "ready"
            || (file.socketDirectory == address.socketDirectory && FileFacts.exists(address.socketPath))
        if isReachable, try await address.answers(server, within: Self.adoptionLimit) {
            logger.notice("using the private PostgreSQL that runs already", metadata: ["pid": "\(server.processID)"])
            return server
        }
        if server.isAlive {
            logger.warning(
                "ending a private PostgreSQL that does not answer", metadata: ["pid": "\(server.processID)"])
            await end(server)
        }
        unlink(address.processFilePath)
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
            if try await address.answers(server, within: Self.startLimit) { return server }
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
            "listen_addresses": "", "port": "\(ClusterAddress.port)",
            "unix_socket_directories": address.socketDirectory,
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
        let name = ClusterAddress.applicationName
        try await address.asSuperuser { session in
            if try await session.query("SELECT 1 FROM pg_roles WHERE rolname = \(name)").isEmpty {
                try await session.script("CREATE ROLE \(quotedIdentifier(name)) LOGIN")
            }
            if try await session.query("SELECT 1 FROM pg_database WHERE datname = \(name)").isEmpty {
                try await session.script(
                    "CREATE DATABASE \(quotedIdentifier(name)) OWNER \(quotedIdentifier(name))")
            }
        }
    }
}
