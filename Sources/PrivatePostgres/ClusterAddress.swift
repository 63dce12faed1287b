import Glibc
import Logging
import Postgres

/// Where a private cluster is and how its server is spoken to.
struct ClusterAddress: Sendable {
    /// The program's role and database. The role is an ordinary one: what runs here also runs on a managed database.
    static let applicationName = "forma3d"
    static let superuser = "postgres"
    static let port = 5432

    let directory: DataDirectory
    let socketDirectory: String

    init(_ directory: DataDirectory) throws {
        self.directory = directory
        socketDirectory = try SocketDirectory.make(for: directory)
    }

    var databaseURL: String { url(user: Self.applicationName, database: Self.applicationName) }
    var administratorURL: String { url(user: Self.superuser, database: "postgres") }
    var socketPath: String { "\(socketDirectory)/.s.PGSQL.\(Self.port)" }
    var processFilePath: String { directory.clusterPath + "/postmaster.pid" }

    private func url(user: String, database: String) -> String {
        // The socket's directory is short and in a public place: make sure who answers there.
        let peer = directory.userName.map { "&requirepeer=\(percentEncoded($0))" } ?? ""
        return "postgresql://\(user)@/\(database)?host=\(percentEncoded(socketDirectory))&port=\(Self.port)\(peer)"
    }

    /// After the server has ended; one with something in it stays.
    func removeSocketDirectory() {
        rmdir(socketDirectory)
    }

    /// The postmaster that the process file names, when it lives and is this cluster's.
    func runningServer() -> (server: ServerProcess, file: PostmasterFile)? {
        guard let file = FileFacts.text(processFilePath).flatMap(PostmasterFile.init),
            ProcessTable.isRunning(file.processID, in: directory.clusterPath)
        else { return nil }
        return (ServerProcess(processID: file.processID, clusterPath: directory.clusterPath, child: nil), file)
    }

    /// Waits until the server answers; false when it ended or time is up.
    func answers(_ server: ServerProcess, within limit: Duration) async throws -> Bool {
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

    func asSuperuser<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        let configuration = DatabaseConfiguration(
            url: administratorURL, poolSize: 1, applicationName: "forma3d-supervisor")
        // Not answering is what is asked here: nothing to log.
        let quiet = Logger(label: "private-postgres") { _ in SwiftLogNoOpLogHandler() }
        return try await Database(configuration, logger: quiet).withoutTransaction(body)
    }
}
