import Testing

@testable import Forma3DSimulator

/// The real modules on a real database, for hours of simulated time. A day and more is `scripts/simulate`'s.
@Suite(.timeLimit(.minutes(5))) struct SQLSimulationTests {
    @Test func aShortDayKeepsEveryPromise() async throws {
        let seed = SimulationSeed(
            layer: .sql, number: UInt64.random(in: 0...UInt64.max), days: 1, ordersPerDay: 12)
        let report = try await SQLSimulation(seed, lastsDays: 0.4).run()
        #expect(report.violation == nil, "\(report.text)")
        #expect(report.counts.first { $0.name == "orders" }?.value ?? 0 > 0, "\(report.text)")
    }
}
