import Logging
import Postgres
import PrivatePostgres

/// Where the database is: a URL of the operator's, or the private cluster that this process owns.
struct DatabaseSource: Sendable {
    let database: Database
    /// For migrations, LISTEN and NOTIFY: past a connection pooler where `DATABASE_DIRECT_URL` names the way.
    let directDatabase: Database
    private let cluster: PrivateCluster?

    /// The notifier keeps one; migrations and their checks need two.
    private static let directPoolSize = 4

    var isPrivate: Bool { cluster != nil }
    /// Nobody else can hold leases in it: those of a dead predecessor may be freed at once.
    var isSoleOwner: Bool { cluster?.isSoleOwner ?? false }

    /// - Throws: `PrivateClusterError` with a text for the operator.
    static func open(_ settings: Settings, logger: Logger) async throws -> DatabaseSource {
        var cluster: PrivateCluster?
        let url: String
        if let configured = settings.databaseURL {
            url = configured
        } else {
            let opened = try await PrivateCluster.open(dataDirectory: settings.dataDir, logger: logger)
            url = opened.databaseURL
            cluster = opened
            logger.info("private PostgreSQL \(opened.wasAdopted ? "adopted" : "started")")
        }
        let database = Database(
            DatabaseConfiguration(url: url, poolSize: settings.databasePoolSize), logger: logger)
        var direct = database
        if let directURL = settings.databaseDirectURL {
            direct = Database(DatabaseConfiguration(url: directURL, poolSize: directPoolSize), logger: logger)
        }
        return DatabaseSource(database: database, directDatabase: direct, cluster: cluster)
    }

    /// The database beside a server that may be running: that one's private cluster is used, not owned. A private
    /// cluster that does not run is started when asked for, else nil.
    static func borrow(_ settings: Settings, startsPrivate: Bool, logger: Logger) async throws -> DatabaseSource? {
        guard settings.databaseURL == nil else { return try await open(settings, logger: logger) }
        if let url = try await PrivateCluster.urlOfRunningServer(settings.dataDir) {
            let database = Database(DatabaseConfiguration(url: url, poolSize: 2), logger: logger)
            return DatabaseSource(database: database, directDatabase: database, cluster: nil)
        }
        return startsPrivate ? try await open(settings, logger: logger) : nil
    }

    /// The libpq URI past any pooler.
    var directURL: String { directDatabase.configuration.url }

    /// Looks after the private server until cancelled.
    func supervise(_ logger: Logger) async {
        do {
            try await cluster?.run()
        } catch is CancellationError {
            return
        } catch {
            logger.error("the private PostgreSQL is no longer looked after: \(OperatorText.of(error))")
        }
    }

    /// Ends the connections, then the private server.
    func close() async {
        await database.close()
        if directDatabase !== database { await directDatabase.close() }
        await cluster?.stop()
    }
}
