import ArgumentParser
import Foundation
import Logging
import Processes

/// `forma3d serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the server until SIGTERM or Ctrl-C, then drains.",
        discussion: """
            The database is brought up to date by itself on the private database and in development; elsewhere with
            --migrate or `forma3d migrate`, and until that has run the server waits and is not ready.
            A second SIGTERM or Ctrl-C stops at once.
            """)

    @Flag(help: "Bring the database up to date before serving.")
    var migrate = false

    @Option(
        help: ArgumentHelp(
            "What this process does: web is the API and the webhooks, worker the jobs.", valueName: "web,worker"))
    var roles = Roles.every

    func run() async throws {
        let settings = try Settings.loadOrExit()
        let signals = ShutdownSignals.install()
        let (logger, metrics) = ProcessSetup.start(settings)
        var options = Server.Options()
        options.migrates = migrate
        options.roles = roles.all
        let server = Server(
            settings: settings, options: options, build: BuildInfo(environment: ProcessInfo.processInfo.environment),
            metrics: metrics, signals: signals, logger: logger)
        do {
            try await server.run()
        } catch {
            logger.critical("The server stopped: \(OperatorText.of(error))")
            throw ExitCode.failure
        }
    }
}
