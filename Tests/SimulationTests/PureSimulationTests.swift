import Testing

@testable import Forma3DSimulator

@Suite(.timeLimit(.minutes(5))) struct PureSimulationTests {
    private func run(_ number: UInt64, days: Int, broken: BrokenRule? = nil) throws -> SimulationReport {
        let seed = SimulationSeed(layer: .pure, number: number, days: days, ordersPerDay: 20)
        var simulation = try PureSimulation(seed, broken: broken)
        return simulation.run()
    }

    @Test(arguments: [UInt64](1...2))
    func everyPromiseIsKept(number: UInt64) throws {
        let report = try run(number, days: 20)
        #expect(report.violation == nil, "\(report.text)")
        // Nothing is proved by a world in which nothing went wrong.
        for name in ["rescues", "stale completions refused", "found at the vendor and adopted", "reprints"] {
            #expect(report.counts.first { $0.name == name }?.value ?? 0 > 0, "\(name): \(report.text)")
        }
    }

    /// A seed that nobody chose: it is printed when it fails.
    @Test func everyPromiseIsKeptWhateverTheSeed() throws {
        let report = try run(UInt64.random(in: 0...UInt64.max), days: 10)
        #expect(report.violation == nil, "\(report.text)")
    }

    @Test func oneSeedIsOneHistory() throws {
        let first = try run(7, days: 5)
        let second = try run(7, days: 5)
        #expect(first.text == second.text)
        #expect(first.text != (try run(8, days: 5).text))
    }

    static let seedsMaximum: UInt64 = 8

    /// The invariants can fail: a world without the rule breaks a promise within a few seeds.
    @Test(arguments: BrokenRule.allCases)
    func aRuleThatIsLeftOutIsMissed(rule: BrokenRule) throws {
        for number in 1...Self.seedsMaximum {
            let report = try run(number, days: 10, broken: rule)
            guard let violation = report.violation else { continue }
            // Replayed, the same seed breaks in the same way.
            let again = try run(number, days: 10, broken: rule)
            #expect(again.violation?.what == violation.what)
            #expect(again.violation?.history == violation.history)
            return
        }
        Issue.record("\(Self.seedsMaximum) seeds without \(rule.rawValue) broke nothing")
    }
}
