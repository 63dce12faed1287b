import ArgumentParser
import Foundation

/// `forma3d-simulator`: lets days or a year of a shop happen in a minute, and looks whether every promise was kept. For
/// development only.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forma3d-simulator",
        abstract: "Simulates days or years of a shop and checks every promise of the durable core.",
        discussion: """
            --layer pure drives the pure state machines and rules; --layer sql drives the real modules on a scratch
            database against the stand-ins. A failing seed is printed; --replay takes it again.
            docs/03-architecture/simulation.md tells what is checked.
            """)

    @Option(help: "pure or sql; both when left out.")
    var layer: String?

    @Option(help: "The number that decides everything; drawn when left out.")
    var seed: UInt64?

    @Option(help: "Simulated days (default: 365 pure, 7 sql).")
    var days: Int?

    @Option(help: ArgumentHelp("Orders a day (default: 500 pure, 60 sql).", valueName: "N"))
    var ordersPerDay: Int?

    @Option(help: ArgumentHelp("A seed as it was printed: v1:pure:0000000000000001:365:500.", valueName: "TEXT"))
    var replay: String?

    @Option(help: ArgumentHelp("Leaves a rule out, to see that it is missed.", visibility: .hidden))
    var broken: String?

    init() {}

    mutating func validate() throws {
        if let layer, SimulationSeed.Layer(rawValue: layer) == nil { throw ValidationError("--layer is pure or sql.") }
        if let replay, SimulationSeed(replay) == nil { throw ValidationError("--replay is no seed.") }
        if let days, !(1...3_650).contains(days) { throw ValidationError("--days is 1 to 3650.") }
        if let ordersPerDay, !(1...100_000).contains(ordersPerDay) {
            throw ValidationError("--orders-per-day is 1 to 100000.")
        }
        if let broken, BrokenRule(rawValue: broken) == nil {
            throw ValidationError("--broken is \(BrokenRule.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
    }

    func run() async throws {
        var isKept = true
        for seed in seeds {
            let started = ContinuousClock.now
            let report: SimulationReport
            switch seed.layer {
            case .pure:
                var simulation = try PureSimulation(seed, broken: broken.flatMap(BrokenRule.init))
                report = simulation.run()
            case .sql: report = try await SQLSimulation(seed).run()
            }
            let took = (ContinuousClock.now - started).components
            FileHandle.standardOutput.write(
                Data(
                    "\(report.text)\n  real seconds: \(took.seconds).\(took.attoseconds / 100_000_000_000_000_000)\n"
                        .utf8))
            if report.violation != nil { isKept = false }
        }
        if !isKept { throw ExitCode.failure }
    }

    private var seeds: [SimulationSeed] {
        if let seed = replay.flatMap(SimulationSeed.init) { return [seed] }
        let number = seed ?? UInt64.random(in: 0...UInt64.max)
        let layers = layer.flatMap(SimulationSeed.Layer.init).map { [$0] } ?? SimulationSeed.Layer.allCases
        return layers.map { layer in
            SimulationSeed(
                layer: layer, number: number, days: days ?? (layer == .pure ? 365 : 7),
                ordersPerDay: ordersPerDay ?? (layer == .pure ? 500 : 60))
        }
    }
}
