import HTTPClient
import EventLoop
import HTTPServer
import Jobs
import Kernel
package import Logging
import Migrations
package import Observability
import Operators
import Postgres
package import Processes
import Routing
import Synchronization

/// The whole system from start to stop: database, listener, migrations, jobs; then drain.
package struct Server: Sendable {
    package struct Options: Sendable {
        /// Bring the database up to date before serving, also where that is not done by itself.
        package var migrates = false
        /// Without `web` only health and metrics are served; without `worker` no job is done.
        package var roles = Set(Role.allCases)

        package init() {}
    }

    /// SIGTERM to exit takes at most 25 s: jobs first (and 2 s to let go), then the answers in flight; what is left is
    /// for PostgreSQL to stop.
    static let jobDrainLimit: Duration = .seconds(10)
    static let requestDrainLimit: Duration = .seconds(5)
    static let migrationPollInterval: Duration = .seconds(2)

    private let settings: Settings
    private let options: Options
    private let build: BuildInfo
    private let metrics: PrometheusRegistry
    private let signals: ShutdownSignals
    private let logger: Logger

    package init(
        settings: Settings, options: Options, build: BuildInfo, metrics: PrometheusRegistry, signals: ShutdownSignals,
        logger: Logger
    ) {
        self.settings = settings
        self.options = options
        self.build = build
        self.metrics = metrics
        self.signals = signals
        self.logger = logger
    }

    /// Serves until the first shutdown signal, then drains.
    /// - Throws: when it cannot start: the address is taken, the private database does not come up.
    package func run() async throws {
        let source = try await DatabaseSource.open(settings, logger: logger)
        do {
            try await serve(source)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
        logger.info("stopped")
    }

    private func serve(_ source: DatabaseSource) async throws {
        let database = source.database
        let root = try CompositionRoot(
            settings: settings, database: database, notifications: source.directDatabase, logger: logger)
        let migrator = Migrator(database: source.directDatabase, logger: logger)
        let checks = SystemChecks.all(settings: settings, database: database, migrator: migrator, root: root)
        let board = DependencyBoard(checks: checks, time: .system, logger: logger)
        let listeners = try Listeners(
            settings: settings, routes: options.roles.contains(.web) ? root.moduleRoutes : [], checks: checks,
            board: board, build: build, metrics: metrics,
            signals: signals, logger: logger)
        try listeners.start()

        await withTaskGroup(of: Void.self) { group in
            group.addTask { await source.supervise(logger) }
            group.addTask { await work(root, source, migrator, board) }
            await signals.shutdownRequested()
            logger.info("draining")
            // Readiness says no from here on. A proxy needs a moment to see it, and until then sends requests: they
            // are served as before, while the jobs end.
            async let pause: Void = Task.sleep(for: .seconds(settings.edge.drainPauseSeconds))
            await root.jobs.drain(within: Self.jobDrainLimit)
            try? await pause
            await listeners.drain(within: Self.requestDrainLimit)
            group.cancelAll()
        }
        await root.close()
        listeners.shutDown()
    }

    /// Jobs run once the schema is what this binary knows; a part that fails for good stops the server.
    private func work(
        _ root: CompositionRoot, _ source: DatabaseSource, _ migrator: Migrator, _ board: DependencyBoard
    ) async {
        do {
            try await bringUpToDate(source, migrator)
            if source.isSoleOwner { try await JobSystem.freeAllLeases(in: source.database) }
            logger.info("ready")
            async let vendorsAsked: Void = board.refresh()
            if options.roles.contains(.worker) {
                try await root.jobs.run()
            } else {
                await root.jobs.tellOthers()
            }
            await vendorsAsked
        } catch is CancellationError {
            return
        } catch {
            guard !signals.isShutdownRequested else { return }
            logger.critical("cannot go on: \(OperatorText.of(error))")
            signals.requestShutdown()
        }
    }

    /// Migrates where that is ours to do; elsewhere waits, not ready, until `forma3d migrate` has run.
    private func bringUpToDate(_ source: DatabaseSource, _ migrator: Migrator) async throws {
        let migratesItself = options.migrates || settings.isDevelopment || source.isPrivate
        var told: Migrator.Status?
        while true {
            do {
                if migratesItself { try await migrator.migrate() }
                let status = try await migrator.status()
                if status == .upToDate { return }
                if status != told { tell(status) }
                told = status
            } catch let error as PostgresError where error.retryVerdict != .wrong && error.retryVerdict != .rejected {
                logger.warning("waiting for the database: \(OperatorText.of(error))")
            }
            try await Task.sleep(for: Self.migrationPollInterval)
        }
    }

    private func tell(_ status: Migrator.Status) {
        switch status {
        case .upToDate: break
        case .pending(let names):
            logger.warning("not ready: \(names.count) migrations are not applied; run `forma3d migrate`")
        case .refused(let reason): logger.error("not ready: \(reason)")
        }
    }

    /// The OpenAPI document of every route, as JSON.
    package static func openAPIDocument() throws -> String {
        let settings = try Settings.load(environment: ["APP_ENV": "development"], isRoot: false) { _ in "" }
        let logger = Logger(label: "forma3d") { _ in SwiftLogNoOpLogHandler() }
        let database = Database(DatabaseConfiguration(url: "postgresql:///none"), logger: logger)
        let root = try CompositionRoot(settings: settings, database: database, logger: logger)
        return try JSON.text(Listeners.document(of: root.moduleRoutes))
    }
}
