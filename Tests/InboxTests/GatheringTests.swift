import HTTPWire
import Kernel
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Inbox

/// Webhooks that share a commit, with a commit that a test holds back.
@Suite struct GatheringTests {
    /// A commit that waits until it is let go, and remembers who came together.
    private final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var waiting: [CheckedContinuation<Void, Never>] = []
            var batches: [[String]] = []
        }

        private let state = Mutex(State())

        var batches: [[String]] { state.withLock { $0.batches } }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        func pass(_ batch: [String]) async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    state.batches.append(batch)
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }
    }

    private func delivery(_ key: String) -> WebhookStorage.Delivery {
        WebhookStorage.Delivery(
            id: Identities.system.make(), source: "test", topic: "t", dedupeKey: key, headers: "[]", body: [],
            correlationID: .make(.system))
    }

    private func keys(_ deliveries: [WebhookStorage.Delivery]) -> [String] { deliveries.map { $0.dedupeKey ?? "" } }

    /// Begins as many commits as may be under way, then lets `count` others queue up behind them.
    private func queueUp(_ count: Int, at gathering: WebhookGathering, behind gate: Gate) async throws -> (
        first: [Task<Bool, any Error>], others: [Task<Bool, any Error>]
    ) {
        var first: [Task<Bool, any Error>] = []
        for number in 0..<WebhookGathering.flightsMaximum {
            let delivery = delivery("first\(number)")
            first.append(Task { try await gathering.store(delivery) })
            try await eventually("its commit has begun") { gate.batches.count == number + 1 }
        }
        var others: [Task<Bool, any Error>] = []
        for number in 0..<count {
            let delivery = delivery("\(number)")
            others.append(Task { try await gathering.store(delivery) })
            try await eventually("it waits") { gathering.waitingCount == number + 1 }
        }
        return (first, others)
    }

    @Test func whoComesWhileCommitsAreUnderWayJoinsTheNext() async throws {
        let gate = Gate()
        let gathering = WebhookGathering { deliveries in
            await gate.pass(keys(deliveries))
            return deliveries.map { $0.dedupeKey != "3" }
        }
        let (first, others) = try await queueUp(10, at: gathering, behind: gate)
        gate.open()
        for task in first { #expect(try await task.value) }
        for (number, task) in others.enumerated() { #expect(try await task.value == (number != 3)) }
        #expect(gate.batches == [["first0"], ["first1"], (0..<10).map { "\($0)" }])
        #expect(gathering.waitingCount == 0)
        // Nobody waits for company.
        #expect(try await gathering.store(delivery("late")))
    }

    @Test func oneCommitTakesABoundedNumber() async throws {
        let gate = Gate()
        let gathering = WebhookGathering { deliveries in
            await gate.pass(keys(deliveries))
            return deliveries.map { _ in true }
        }
        let count = WebhookGathering.deliveriesPerFlightMaximum * 2 + 3
        let (first, others) = try await queueUp(count, at: gathering, behind: gate)
        gate.open()
        for task in first + others { #expect(try await task.value) }
        #expect(gate.batches.map(\.count).max() == WebhookGathering.deliveriesPerFlightMaximum)
        #expect(gate.batches.flatMap { $0 }.count == count + first.count)
    }

    @Test func whatTheServerRefusesHarmsOnlyItself() async throws {
        let gate = Gate()
        let gathering = WebhookGathering { deliveries in
            await gate.pass(keys(deliveries))
            guard !keys(deliveries).contains("3") else {
                throw PostgresError(kind: .server, sqlState: "22P05", message: "refused")
            }
            return deliveries.map { _ in true }
        }
        let (first, others) = try await queueUp(6, at: gathering, behind: gate)
        gate.open()
        for task in first { #expect(try await task.value) }
        for (number, task) in others.enumerated() {
            if number == 3 {
                await #expect(throws: PostgresError.self) { try await task.value }
            } else {
                #expect(try await task.value)
            }
        }
    }

    @Test func aDatabaseThatIsAwayIsToldToAllAtOnce() async throws {
        let gate = Gate()
        let gathering = WebhookGathering { deliveries in
            await gate.pass(keys(deliveries))
            throw PostgresError(kind: .connectionLost, isCommitOutcomeUnknown: true, message: "gone")
        }
        let (first, others) = try await queueUp(6, at: gathering, behind: gate)
        gate.open()
        for task in first + others { await #expect(throws: PostgresError.self) { try await task.value } }
        #expect(gate.batches.count == 3)
    }

    @Test func aSenderWhoHangsUpTakesNobodyWithHim() async throws {
        let gate = Gate()
        let gathering = WebhookGathering { deliveries in
            await gate.pass(keys(deliveries))
            try Task.checkCancellation()
            return deliveries.map { _ in true }
        }
        let (first, others) = try await queueUp(6, at: gathering, behind: gate)
        others[0].cancel()
        gate.open()
        for task in first { #expect(try await task.value) }
        await #expect(throws: CancellationError.self) { try await others[0].value }
        for task in others.dropFirst() { #expect(try await task.value) }
    }

    @Test func deliveriesAndTheirDuplicatesInAnyCompanyAreStoredOnce() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            let answers = Notes<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        // Each key four times, far apart and in both directions.
                        let key = number.isMultiple(of: 2) ? number / 2 % 100 : 99 - number / 2 % 100
                        let answer = try await scene.deliver("body \(key)", ["x-topic": "t", "x-id": "\(key)"])
                        #expect(answer.status == 200)
                        answers.add(answer.text)
                    }
                }
                try await group.waitForAll()
            }
            #expect(answers.all.filter { $0.contains("accepted") }.count == 100)
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == 100)
            let jobs = try await scene.count(
                """
                SELECT count(DISTINCT webhook.id) FROM jobs.job JOIN inbox.webhook
                    ON job.payload = jsonb_build_object('webhook', webhook.id) AND job.kind = 'inbox.process'
                    AND job.correlation_id = webhook.correlation_id
                """)
            #expect(jobs == 100)
            #expect(try await scene.count("SELECT count(*) FROM jobs.job") == 100)
        }
    }

    @Test func headersAreJSONWhateverIsInThem() throws {
        let fields: [(String, String)] = [
            ("x-plain", "a"), ("x-odd", "quote \" back \\ tab \t ü"), ("x-shopify-hmac-sha256", "secret"),
            ("x-api-key", "secret"), ("x-nul", "a\0b"), ("x-long", String(repeating: "é", count: 5_000)),
        ]
        let text = WebhookHeaders.storable(.init(fields))
        let found = try WebhookHeaders.read(text)
        #expect(found["x-plain"] == "a")
        #expect(found["x-odd"] == "quote \" back \\ tab \t ü")
        #expect(found["x-shopify-hmac-sha256"] == nil)
        #expect(found["x-api-key"] == nil)
        #expect(found["x-nul"] == "a?b")
        #expect(found["x-long"]?.count == 4_096)
    }
}
