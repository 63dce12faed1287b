import FoundationEssentials
import Kernel
import Postgres
import TestKit
import Testing

@testable import Jobs

/// No interleaving of claims, freezes, rescues, heartbeats and completions lets a stale completion through.
@Suite struct FenceTests {
    private enum Step: CaseIterable { case claim, expire, rescue, heartbeat, complete }

    /// The rules of the SQL for one job: what stands in the row.
    private struct Model {
        var state = "ready"
        var fence = 0
        var isExpired = false

        mutating func claim(_ next: Int) -> Int? {
            guard state == "ready" else { return nil }
            (state, fence, isExpired) = ("running", next, false)
            return next
        }
        mutating func rescue() { if state == "running", isExpired { state = "ready" } }
        mutating func heartbeat(_ held: Int) -> Bool {
            guard state == "running", fence == held else { return false }
            isExpired = false
            return true
        }
        mutating func complete(_ held: Int) -> Bool {
            guard state == "running", fence == held else { return false }
            state = "done"
            return true
        }
    }

    @Test func noStaleCompletionIsAcceptedInAHundredThousandInterleavings() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(state: seed)
        for run in 0..<100_000 {
            var model = Model()
            var held: [Int] = []
            var next = 0
            var accepted = 0
            for _ in 0..<24 {
                switch Step.allCases.randomElement(using: &dice) ?? .claim {
                case .claim:
                    next += 1
                    if let fence = model.claim(next) { held.append(fence) }
                case .expire: model.isExpired = true
                case .rescue: model.rescue()
                case .heartbeat:
                    guard let fence = held.randomElement(using: &dice) else { continue }
                    let isOurs = model.heartbeat(fence)
                    if isOurs, fence != held.last { Issue.record("seed \(seed) run \(run): a stale heartbeat") }
                case .complete:
                    guard let fence = held.randomElement(using: &dice) else { continue }
                    guard model.complete(fence) else { continue }
                    accepted += 1
                    if fence != held.last { Issue.record("seed \(seed) run \(run): a stale completion") }
                }
            }
            if accepted > 1 { Issue.record("seed \(seed) run \(run): completed \(accepted) times") }
        }
    }

    @Test func theSQLFollowsTheModel() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seed = UInt64.random(in: 0...UInt64.max)
            var dice = Dice(state: seed)
            for run in 0..<150 {
                let id = try await bench.jobInHand("test.fence").id
                try await database.execute(
                    """
                    UPDATE jobs.job SET state = 'ready', lease_until = NULL, worker = NULL WHERE id = \(id)
                    """)
                let claimer = ClaimStorage.Claimer(worker: .init(), kinds: ["test.fence"], leaseSeconds: 30)
                var model = Model()
                var held: [Job] = []
                for _ in 0..<20 {
                    switch Step.allCases.randomElement(using: &dice) ?? .claim {
                    case .claim:
                        let rows = try await database.query(ClaimStorage.claimQuery(1, for: claimer))
                        let job = try ClaimStorage.read(rows).jobs.first?.job
                        let expected = model.claim(Int(job?.fence ?? 0)) != nil
                        #expect((job != nil) == expected, "seed \(seed) run \(run)")
                        if let job { held.append(job) }
                    case .expire:
                        try await JobSystem.freeAllLeases(in: database)
                        model.isExpired = true
                    case .rescue:
                        for claimed in try await LeaseStorage.expired(limit: 10, in: database) {
                            _ = try await LeaseStorage.rescue(claimed, in: database)
                        }
                        model.rescue()
                    case .heartbeat:
                        guard let job = held.randomElement(using: &dice) else { continue }
                        let renewed = try await LeaseStorage.renew([job], leaseSeconds: 30, in: database)
                        let expected = model.heartbeat(Int(job.fence))
                        #expect(!renewed.isEmpty == expected, "seed \(seed) run \(run)")
                    case .complete:
                        guard let job = held.randomElement(using: &dice) else { continue }
                        let rows = try await database.query(SettlementStorage.completeQuery([job]))
                        let expected = model.complete(Int(job.fence))
                        #expect(!rows.isEmpty == expected, "seed \(seed) run \(run)")
                    }
                }
                try await database.execute("DELETE FROM jobs.job WHERE id = \(id)")
            }
        }
    }

    /// SplitMix64: the same run for the same seed.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
