import Catalog
import Foundation
import Fulfilment
import Inbox
import Jobs
import Kernel
import Logging
import Migrations
import Orders
import Postgres
import Printing
import PrivatePostgres
import Shipping

/// Days of a shop on the real modules and the real SQL: a scratch database whose `jobs.clock()` is turned forward
/// whenever the queue has nothing left to do, and the stand-ins whose clock is turned with it.
///
/// The seed decides orders, cancellations, faults and what operators do. Threads and sockets interleave as the machine
/// lets them, so a replay brings the same world, not the same interleaving.
package struct SQLSimulation {
    /// Simulated seconds between two looks at the world when nothing is due before.
    static let stepSeconds = 600.0
    /// What is due meanwhile is late by less than this, as in a process that has other things to do.
    static let stepSecondsMinimum = 10.0
    /// What is still on its way after the last order.
    static let restDays = 3.0
    /// How long the queue is waited for, in real time: longer than a lease, because a job whose worker was broken off
    /// stays in hand until then.
    static let idleWaitMaximum = Duration.seconds(60)

    private let seed: SimulationSeed
    private let days: Double

    /// - Parameter lastsDays: how long orders come, where that is no whole number of days; nil: the seed's days.
    package init(_ seed: SimulationSeed, lastsDays: Double? = nil) {
        self.seed = seed
        days = lastsDays ?? Double(seed.days)
    }

    /// - Throws: when PostgreSQL or the stand-ins cannot be started.
    package func run() async throws -> SimulationReport {
        let folder = "/tmp/forma3d-simulation-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let cluster = try await PrivateCluster.open(
            dataDirectory: folder + "/data", tuning: Self.tuning, logger: .nowhere)
        let database = Database(
            DatabaseConfiguration(url: cluster.databaseURL, poolSize: 16), logger: .nowhere)
        do {
            try await Migrator(database: database, logger: .nowhere).migrate()
            let report = try await simulate(on: database)
            await database.close()
            await cluster.stop()
            return report
        } catch {
            await database.close()
            await cluster.stop()
            throw error
        }
    }

    /// Durability is what a scratch database does not need.
    private static let tuning = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "5s",
    ]

    private func simulate(on database: Database) async throws -> SimulationReport {
        let shop = try await SimulatedShop.open(database: database, seed: seed)
        do {
            let report = try await withThrowingTaskGroup(of: SimulationReport?.self) { group in
                group.addTask {
                    try await shop.jobs.run()
                    return nil
                }
                group.addTask { try await play(shop) }
                while let next = try await group.next() {
                    guard let report = next else { continue }
                    await shop.jobs.drain(within: .seconds(5))
                    group.cancelAll()
                    return report
                }
                throw SimulatorFailure("the queue ended before the simulation")
            }
            await shop.close()
            return report
        } catch {
            await shop.close()
            throw error
        }
    }

    /// The days, step by step.
    private func play(_ shop: SimulatedShop) async throws -> SimulationReport {
        var random = SeededRandom(seed: seed.number)
        let mean = 86_400 / Double(seed.ordersPerDay)
        let end = days * 86_400
        var now = 0.0
        var nextOrder = random.pause(mean: mean)
        var steps = 0
        try await shop.stockCatalogue()
        while now < end + Self.restDays * 86_400 {
            while nextOrder <= now, nextOrder < end {
                try await shop.place(using: &random)
                nextOrder += random.pause(mean: mean)
            }
            try await shop.live(using: &random)
            try await shop.waitUntilIdle(within: Self.idleWaitMaximum)
            if now >= end, try await shop.isOver() { break }
            let due = try await shop.secondsUntilDue()
            // Orders of one step come at once: they meet in the queue, as those of a busy hour do.
            let step = max(Self.stepSecondsMinimum, min(Self.stepSeconds, due ?? Self.stepSeconds))
            try await shop.turnForward(seconds: step)
            now += step
            steps += 1
        }
        try await shop.stopFaults()
        try await shop.waitUntilIdle(within: Self.idleWaitMaximum)
        return try await SQLInvariants(seed: seed, database: shop.database).check(
            ledger: try await shop.ledger(), placed: shop.placed, steps: steps, crashes: shop.crashes)
    }
}

/// Why a simulation could not go on.
struct SimulatorFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Logger {
    static var nowhere: Logger { Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() } }
}
