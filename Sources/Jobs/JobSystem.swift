import Kernel
package import Logging
package import Postgres

/// The running side of the queue: claims, heartbeats, runs, completes, rescues, prunes, fires schedules, notifies.
package final class JobSystem: Sendable {
    package init(
        database: Database, settings: JobSettings, wakeUps: WakeUps, registrations: [JobRegistration],
        schedules: [Schedule],
        effects: Effects, logger: Logger
    ) {}

    /// Runs until cancelled or drained.
    package func run() async throws { fatalError("skeleton") }

    /// Stops claiming; waits for the jobs in hand up to the deadline, then gives their leases back.
    package func drain(within: Duration) async { fatalError("skeleton") }

    /// Frees the leases of every worker. Only for the sole owner of a private database.
    package static func freeAllLeases(in database: Database) async throws { fatalError("skeleton") }
}

/// The knobs of the queue; names and defaults are ADR-021's and DESIGN §3.2's.
package struct JobSettings: Sendable {
    package var concurrency = 8
    package var leaseSeconds = 30.0
    package var pollSeconds = 1.0
    package var retriesMaximum = 5
    package var initialDelaySeconds = 1.0
    package var delayMaximumSeconds = 3600.0
    package var backoffMultiplier = 2.0
    package var jitterPercent = 10.0
    package var notNowLimitSeconds = 86_400.0
    package var cleanupDays = 7

    package init() {}
}

/// A job that comes round: each tick once however many replicas run.
package struct Schedule: Sendable {
    package let name: String
    package let kind: JobKind
    package let everySeconds: Double

    package init(_ name: String, _ kind: JobKind, everySeconds: Double) {
        self.name = name
        self.kind = kind
        self.everySeconds = everySeconds
    }
}
