import ArgumentParser
import Foundation
import HTTPClient
import Logging
import Processes

/// `forma3d-demo run`, behind `scripts/demo`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Starts a server and the stand-ins, places orders and shows them on their way.",
        discussion: """
            The server gets a database of its own in a temporary folder; the stand-ins play Shopify, SimplyPrint (with a
            print farm) and Sendcloud on this machine. Nothing leaves it, and nothing is left behind.
            Ctrl-C drains and stops everything; a second Ctrl-C does not wait.
            """)

    @Flag(help: "End when every order is fulfilled; exit code 0 only if each was, exactly once, in time.")
    var once = false

    @Option(help: "How many orders to place at the start.")
    var orders = 6

    @Option(help: "How many times faster than life the stand-ins print.")
    var speed = 25.0

    @Option(help: "Seconds from the start of the servers within which every order must be fulfilled.")
    var limit = 60.0

    @Option(help: "The server's port; any free one when left out.")
    var port: Int?

    @Option(help: "The stand-ins' port; any free one when left out.")
    var sandboxPort: Int?

    func validate() throws {
        guard (1...200).contains(orders) else { throw ValidationError("--orders takes 1 to 200.") }
        guard speed > 0, speed.isFinite else { throw ValidationError("--speed takes a number above 0.") }
        guard limit > 0, limit <= 3_600 else { throw ValidationError("--limit takes 1 to 3600 seconds.") }
        for port in [port, sandboxPort] {
            guard port.map({ (1...65_535).contains($0) }) ?? true else {
                throw ValidationError("A port is 1 to 65535.")
            }
        }
    }

    func run() async throws {
        ProcessLimits.ignoreBrokenPipes()
        let world = DemoWorld(
            ports: try .init(server: port, sandbox: sandboxPort), speed: speed,
            http: HTTPClient(logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }))
        let signals = ShutdownSignals.install { world.killEverything() }
        let tour = DemoTour(world: world, signals: signals, orderCount: orders, limitSeconds: limit, staysUp: !once)
        var isGood = false
        do {
            isGood = try await tour.run()
        } catch is DemoInterrupted {
            Terminal.line("Stopping …")
            isGood = !once
        } catch let error as DemoFailure {
            Terminal.error("demo: \(error.description)")
            for line in world.logTail() { Terminal.error("  \(line)") }
        }
        await world.stop(keepsLogs: !isGood)
        if let verdict = tour.verdict { Terminal.line(verdict) }
        if !isGood { throw ExitCode.failure }
    }
}

/// Ctrl-C.
struct DemoInterrupted: Error {}

/// Something that ends the demo.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
