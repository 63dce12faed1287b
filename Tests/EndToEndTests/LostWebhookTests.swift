import Cryptography
import Foundation
import HTTPClient
import HTTPWire
import Kernel
import Postgres
import TestKit
import Testing

/// Webhooks dropped, shuffled and repeated: every order complete within 15 minutes of the loss.
@Suite(.serialized) struct LostWebhookTests {
    static let orders = 60
    /// Of each kind of webhook, and beside that of orders whose every webhook is lost.
    static let dropped = 0.05
    static let deliveriesMaximum = 8
    static let minutesMaximum = 15
    /// Simulated seconds the clocks are turned by at a time; below the lease, so that nobody looks dead.
    static let stepSeconds = 20

    /// A webhook of the shop, before the wire.
    private struct Letter {
        let orderID: String
        let topic: String
        let webhookID: String
        let body: [UInt8]
    }

    @Test func fivePercentDroppedAllShuffledEachUpToEightTimesLoseNoOrder() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("lost webhooks: seed \(seed)")
        var random = Seeded(seed)
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 5_000)
        try await withDatabase(migrated: false) { database in
            try system.startServer(
                "server", port: port,
                settings: [
                    "DATABASE_URL": database.configuration.url, "JOB_LEASE_SECONDS": "120",
                    "SIMPLYPRINT_POLLING_INTERVAL_MS": "5000",
                ])
            try await system.waitUntilReady(port: port)
            try await Shop.createMappings(system, port: port)
            try await eventually("the shop is compared for the first time") {
                try await Self.count("SELECT count(*) AS count FROM orders.reconciliation", database) == 1
            }
            // The farm's and the carrier's webhooks suffer the same.
            try await system.control("faults", .array(Self.hookFaults))
            let (ids, prints) = try await Self.place(system)
            let (letters, lost) = try await Self.letters(of: ids, system, &random)
            try await Self.deliver(letters, system, port: port, &random)
            let minute = try await Self.minuteOfCompletion(ids, system, database)
            print("lost webhooks: seed \(seed), \(lost) orders lost whole, complete in minute \(minute)")
            #expect(minute <= Self.minutesMaximum, "seed \(seed)")
            let ledger = try await system.ledger()
            Shop.expectOnce(ledger, orders: ids, prints: prints)
            let synthetic = try await Self.count(
                "SELECT count(*) AS count FROM inbox.webhook WHERE is_synthetic", database)
            #expect(synthetic >= lost && lost > 0, "seed \(seed): what was lost came in by the comparison")
            #expect(
                try await Self.count("SELECT count(*) AS count FROM jobs.job WHERE state = 'dead'", database) == 0)
            await system.stop()
        }
    }

    private static let hookFaults: [JSONValue] = ["simplyprint", "sendcloud"].flatMap { vendor -> [JSONValue] in
        [
            ["vendor": .string(vendor), "call": "*", "fault": "hookDrop", "probability": 0.05],
            ["vendor": .string(vendor), "call": "*", "fault": "hookDuplicate", "probability": 0.5],
            ["vendor": .string(vendor), "call": "*", "fault": "hookDelay", "delayMs": 200, "probability": 0.5],
        ]
    }

    /// Orders that the shop tells nobody about by itself.
    private static func place(_ system: LiveSystem) async throws -> (ids: [String], prints: Int) {
        var ids: [String] = []
        var prints = 0
        for number in 0..<orders {
            let product = Shop.products[number % Shop.products.count]
            prints += product.partQuantities.reduce(0, +)
            let placed = try await system.control(
                "orders?deliver=false", ["lines": [["sku": .string(product.sku), "quantity": 1]]])
            ids.append(try #require(placed["id"]?.string))
        }
        return (ids, prints)
    }

    /// What is left of each order's webhooks, each one to eight times; and how many orders have none left.
    private static func letters(
        of ids: [String], _ system: LiveSystem, _ random: inout Seeded
    ) async throws -> ([Letter], lost: Int) {
        let lost = Set(ids.shuffled(using: &random).prefix(Int((Double(ids.count) * dropped).rounded(.up))))
        var letters: [Letter] = []
        for id in ids where !lost.contains(id) {
            let answer = try await system.http.send(
                HTTPClientRequest(method: .get, url: system.sandboxURL + "/__control/orders/\(id)"))
            for topic in ["orders/create", "orders/paid", "orders/updated"] {
                guard Double.random(in: 0..<1, using: &random) >= dropped else { continue }
                let letter = Letter(
                    orderID: id, topic: topic, webhookID: UUID().uuidString.lowercased(), body: answer.body)
                let times = Int.random(in: 1...deliveriesMaximum, using: &random)
                letters += Array(repeating: letter, count: times)
            }
        }
        // By bad luck all three of an order may be gone as well.
        let whole = Set(ids).subtracting(letters.map(\.orderID)).count
        return (letters.shuffled(using: &random), whole)
    }

    /// Eight at a time, as the shop would, so that repetitions also come at the same instant.
    private static func deliver(
        _ letters: [Letter], _ system: LiveSystem, port: Int, _ random: inout Seeded
    ) async throws {
        let secret = try #require(
            system.sandboxSettings["SHOPIFY_WEBHOOK_SECRETS"] ?? system.sandboxSettings["SHOPIFY_CLIENT_SECRET"])
        for start in stride(from: 0, to: letters.count, by: 8) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for letter in letters[start..<min(start + 8, letters.count)] {
                    group.addTask {
                        let code = HMACSHA256.authenticationCode(for: letter.body, key: Array(secret.utf8))
                        let answer = try await system.http.send(
                            HTTPClientRequest(
                                method: .post, url: "http://127.0.0.1:\(port)/webhooks/shopify",
                                fields: [
                                    "content-type": "application/json", "x-shopify-topic": letter.topic,
                                    "x-shopify-hmac-sha256": Base64.encode(code),
                                    "x-shopify-webhook-id": letter.webhookID,
                                ], body: letter.body))
                        #expect(answer.status.isSuccess)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Turns both clocks on, step by step; after each step all work that is due is let come to its end.
    private static func minuteOfCompletion(
        _ ids: [String], _ system: LiveSystem, _ database: Database
    ) async throws -> Int {
        for step in 1...(minutesMaximum * 60 / stepSeconds) {
            try await system.control("clock", ["advanceSeconds": .integer(Int64(stepSeconds))])
            try await database.execute(
                "UPDATE jobs.clock_shift SET shift = shift + make_interval(secs => \(stepSeconds))")
            try await eventually(within: .seconds(60), "what is due is done") {
                try await isQuiet(system, database)
            }
            if try await Shop.allFulfilled(system, ids) { return (step * stepSeconds + 59) / 60 }
        }
        return .max
    }

    /// No job is due or running, and every print that is queued is printed.
    private static func isQuiet(_ system: LiveSystem, _ database: Database) async throws -> Bool {
        let busy = try await count(
            """
            SELECT count(*) AS count FROM jobs.job
            WHERE state = 'running' OR (state = 'ready' AND run_at <= jobs.clock())
            """, database)
        guard busy == 0 else { return false }
        let due = try await count(
            "SELECT count(*) AS count FROM jobs.schedule WHERE next_at <= jobs.clock()", database)
        guard due == 0 else { return false }
        let ledger = try await system.ledger()
        let finished = Set(ledger.simplyprint.jobs.filter { $0.state == "finished" }.compactMap(\.reference))
        return ledger.simplyprint.queueItems.allSatisfy { $0.deleted || finished.contains($0.reference ?? "") }
    }

    private static func count(_ query: Query, _ database: Database) async throws -> Int {
        try await database.query(query)[0]("count")
    }

    /// SplitMix64: the same numbers for the same seed.
    private struct Seeded: RandomNumberGenerator {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
