import ArgumentParser
import Foundation
import HTTPClient
import Kernel
import Logging
import Processes

/// `forma3d-demo bench`, behind `scripts/bench`
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures orders per second, resident memory and time to ready; prints medians.",
        discussion: """
            Each round starts everything anew. Orders per second count from the first webhook to the last fulfilment, with
            stand-ins that answer at once and print in no time. Time to ready is a restart with the database running.
            """)

    @Option(help: "How many rounds; the medians of them are printed.")
    var rounds = 3

    @Option(help: "Orders in each round, one to ten prints each.")
    var orders = 150

    func validate() throws {
        guard (1...20).contains(rounds), (1...5_000).contains(orders) else {
            throw ValidationError("--rounds takes 1 to 20, --orders 1 to 5000.")
        }
    }

    func run() async throws {
        ProcessLimits.ignoreBrokenPipes()
        var figures: [BenchFigures] = []
        for round in 1...rounds {
            let figure = try await BenchRound(orderCount: orders).run()
            Terminal.line("round \(round): \(figure.line)")
            figures.append(figure)
        }
        Terminal.line("")
        for line in BenchFigures.medians(figures) { Terminal.line(line) }
    }
}

/// What one round measured.
struct BenchFigures: Sendable {
    var ordersPerSecond: Double
    var idleMebibytes: Double
    var loadedMebibytes: Double
    var readyMilliseconds: Double

    var line: String {
        "\(Self.shown(ordersPerSecond)) orders/s, \(Self.shown(idleMebibytes)) MiB idle, "
            + "\(Self.shown(loadedMebibytes)) MiB loaded, \(Self.shown(readyMilliseconds)) ms to ready"
    }

    static func medians(_ figures: [BenchFigures]) -> [String] {
        func row(_ name: String, _ value: (BenchFigures) -> Double) -> String {
            let sorted = figures.map(value).sorted()
            let middle = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            let range = "\(shown(sorted.first ?? 0)) to \(shown(sorted.last ?? 0))"
            return "| \(name) | \(shown(middle)) | \(range) |"
        }
        return [
            "| figure | median of \(figures.count) | range |", "|---|---|---|",
            row("orders per second, webhook to fulfilment") { $0.ordersPerSecond },
            row("resident memory idle, MiB") { $0.idleMebibytes },
            row("resident memory under load, MiB") { $0.loadedMebibytes },
            row("start to ready, database running, ms") { $0.readyMilliseconds },
        ]
    }

    private static func shown(_ value: Double) -> String { String(format: "%.1f", value) }
}

/// One round: start, idle, load, restart.
struct BenchRound {
    /// Prints and vendor delays shrink to next to nothing.
    static let speed = 100_000.0
    static let limitSeconds = 600.0

    let orderCount: Int

    func run() async throws -> BenchFigures {
        let world = DemoWorld(
            ports: try .init(server: nil, sandbox: nil), speed: Self.speed,
            http: HTTPClient(logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }), rateLimit: 1_000_000)
        do {
            let figures = try await measure(world)
            await world.stop(keepsLogs: false)
            return figures
        } catch {
            for line in world.logTail() { Terminal.error("  \(line)") }
            await world.stop(keepsLogs: true)
            throw error
        }
    }

    private func measure(_ world: DemoWorld) async throws -> BenchFigures {
        let api = DemoAPI(http: world.http, ports: world.ports, apiKey: world.apiKey)
        try await world.start()
        try await wait("ready") { await api.isReady() }
        for mapping in DemoCatalog.mappings { try await api.createMapping(mapping) }
        let idle = try world.serverResidentMebibytes()

        let startedAt = ContinuousClock.now
        for number in 0..<orderCount { _ = try await api.placeOrder(DemoCatalog.order(number)) }
        var peak = idle
        try await wait("\(orderCount) fulfilments") {
            peak = max(peak, (try? world.serverResidentMebibytes()) ?? 0)
            let ledger = try? await api.ledger()
            return (ledger?["shopify"]?["fulfillments"]?.array?.count ?? 0) >= orderCount
        }
        let seconds = OrderBoard.seconds(from: startedAt, to: .now)

        // The database goes on running over a kill, so that only the server's own start is timed.
        let restartedAt = try await world.killAndRestartServer()
        try await wait("ready again") { await api.isReady() }
        return BenchFigures(
            ordersPerSecond: Double(orderCount) / seconds, idleMebibytes: idle, loadedMebibytes: peak,
            readyMilliseconds: OrderBoard.seconds(from: restartedAt, to: .now) * 1_000)
    }

    private func wait(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(Self.limitSeconds)
        while try await !condition() {
            guard ContinuousClock.now < deadline else { throw DemoFailure("waited in vain for \(what)") }
            try await ContinuousClock().sleep(for: .milliseconds(50))
        }
    }
}
