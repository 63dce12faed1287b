import Jobs
import Kernel
import Postgres
import Synchronization
import TestKit
import Testing

@Suite struct ConcurrencyKeyTests {
    /// How many run at the same time, and the most there ever were.
    private final class Meter: Sendable {
        private let state = Mutex((now: 0, most: 0))

        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }
        func leave() { state.withLock { $0.now -= 1 } }
        var most: Int { state.withLock { $0.most } }
    }

    @Test(arguments: [1, 3])
    func aLimitIsNeverExceededByManyWorkersAndOthersAreNotHeldUp(limit: Int) async throws {
        try await withDatabase(poolSize: 16) { database in
            var bench = Bench(database)
            bench.settings.concurrency = 4
            let meter = Meter()
            let registrations = [
                JobRegistration("test.keyed") { _ in
                    meter.enter()
                    await Task.yield()
                    // Left before the slot is given back.
                    return { _ in meter.leave() }
                },
                JobRegistration("test.free") { _ in { _ in } },
            ]
            try await database.transaction { transaction in
                for number in 0..<60 {
                    try await bench.outbox.enqueue(
                        NewJob("test.keyed", concurrencyKey: "printer", concurrencyLimit: limit), in: transaction)
                    try await bench.outbox.enqueue(
                        NewJob("test.free", concurrencyKey: number % 2 == 0 ? nil : "other-\(number)"),
                        in: transaction)
                }
            }
            let systems = (0..<4).map { _ in bench.system(registrations, wakeUps: WakeUps()) }
            try await whileRunning(systems) {
                try await eventually(within: .seconds(30), "all are done") {
                    try await bench.count("done", kind: "test.%") == 120
                }
            }
            #expect(meter.most <= limit)
            #expect(meter.most >= 1)
        }
    }

    @Test func aKeyWhoseSlotsAreTakenDoesNotHoldUpOthers() async throws {
        try await withDatabase { database in
            var bench = Bench(database)
            bench.settings.concurrency = 2
            let mayEnd = Gate()
            let runs = Notes<String>()
            let system = bench.system([
                JobRegistration("test.blocked") { _ in
                    runs.add("blocked")
                    await mayEnd.pass()
                    return { _ in }
                },
                JobRegistration("test.other") { _ in
                    runs.add("other")
                    return { _ in }
                },
            ])
            try await whileRunning(system) {
                try await bench.enqueue(
                    NewJob("test.blocked", priority: 1, concurrencyKey: "a"),
                    NewJob("test.blocked", priority: 1, concurrencyKey: "a"),
                    NewJob("test.other", priority: 2, concurrencyKey: "b"), NewJob("test.other", priority: 2))
                try await eventually("the others ran") { runs.all.sorted() == ["blocked", "other", "other"] }
                await mayEnd.open()
                try await eventually("then the second of the key") { runs.count == 4 }
            }
        }
    }
}
