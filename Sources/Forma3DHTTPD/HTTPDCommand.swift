package import ArgumentParser
import EventLoop
import Foundation
import HTTPServer
import Logging
import Processes
import Routing

/// `forma3d-httpd`: the HTTP server alone, with every limit and time-out in force, to measure and to attack.
@main
package struct HTTPDCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "forma3d-httpd",
        abstract: "The bare HTTP server with a few routes, to measure and to attack. For development only.",
        discussion: """
            GET / is 13 bytes of text, GET /json about 200 bytes, POST /echo answers the body's length, GET /ws echoes
            over a WebSocket, /health/live and /health/ready are for probes.

            Every limit can be set by the variable that forma3d has for it, such as HTTP_HEAD_TIMEOUT_SECONDS=2.
            """)

    @Option(help: ArgumentHelp("The port to listen on; 0 picks a free one and prints it.", valueName: "P"))
    package var port = 8080

    @Option(help: "The address to listen on.")
    package var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The longest body of POST /echo.", valueName: "BYTES"))
    package var bodyLimit = 1_048_576

    @Option(help: ArgumentHelp("After SIGTERM: how long to serve on while not ready.", valueName: "SECONDS"))
    package var drainPause = 2.0

    package init() {}

    package mutating func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535.") }
        guard bodyLimit >= 0 else { throw ValidationError("--body-limit is 0 or more.") }
        guard (0...600).contains(drainPause) else { throw ValidationError("--drain-pause is 0 to 600.") }
    }

    private static func limits(_ environment: [String: String]) throws -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        for limit in NamedLimit.all {
            guard let text = environment[limit.name] else { continue }
            switch limit.value {
            case .count(let path, let range):
                guard let count = Int(text), range.contains(count) else { throw outOfRange(limit.name, "\(range)") }
                configuration[keyPath: path] = count
            case .amount(let path, let range):
                guard let amount = Double(text), range.contains(amount) else {
                    throw outOfRange(limit.name, "\(range)")
                }
                configuration[keyPath: path] = amount
            }
        }
        return configuration
    }

    private static func outOfRange(_ name: String, _ range: String) -> ValidationError {
        ValidationError("\(name) is a number in \(range).")
    }

    package func run() async throws {
        let signals = ShutdownSignals.install()
        _ = ProcessLimits.raiseDescriptorLimit()
        var logger = Logger(label: "httpd") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let routes = BareRoutes(bodyLimitBytes: bodyLimit) { !signals.isShutdownRequested }
        let loop = EventLoop(name: "http", logger: logger)
        var configuration = try Self.limits(ProcessInfo.processInfo.environment)
        configuration.host = host
        configuration.port = port
        let dispatcher = try routes.dispatcher(logger: logger)
        let server = HTTPServer(
            configuration: configuration, loop: loop, logger: logger, replying: { dispatcher.reply(to: $0) })
        do {
            let bound = try server.start()
            // Unbuffered: who started us waits for this line.
            FileHandle.standardOutput.write(Data("forma3d-httpd: listening on http://\(host):\(bound)\n".utf8))
        } catch let error as HTTPServerError {
            throw ValidationError("cannot listen on \(host):\(port): \(error)")
        }
        await signals.shutdownRequested()
        // A proxy in front has to see "not ready" before the listener closes under it.
        try await Task.sleep(for: .seconds(drainPause))
        await server.drain(within: .seconds(10))
        loop.shutDown()
    }
}
