/// The knobs of the queue; names and defaults are ADR-021's and DESIGN §3.2's.
package struct JobSettings: Sendable {
    /// How many jobs one process has in hand at most.
    package var concurrency = 8
    /// Of them at most so many of one queue (the module of a kind, `printing`, unless its registration says otherwise).
    package var queueConcurrency: [String: Int] = [:]
    /// Jobs one claim takes at most. With more hands than that two claims are under way at a time.
    package var claimBatch = 100
    package var leaseSeconds = 30.0
    /// The fallback when a wake-up is lost.
    package var pollSeconds = 1.0
    /// Tries after the first one that an answer of "wrong" may spend.
    package var retriesMaximum = 5
    package var initialDelaySeconds = 1.0
    package var delayMaximumSeconds = 3600.0
    package var backoffMultiplier = 2.0
    package var jitterPercent = 10.0
    /// How long "not now" may last before the job is dead.
    package var notNowLimitSeconds = 86_400.0
    package var cleanupDays = 7
    /// How often effects that may have happened twice are looked up at the vendor.
    package var reconcileSeconds = 300.0
    /// How long a vendor that is down is left alone before one job tries it; each time twice as long.
    package var circuitOpenSeconds = 5.0
    /// How often each process looks for leases that ran out.
    package var rescueSweepSeconds = 2.0

    package init() {}

    /// A claim that a worker lost this often takes its worker down: it is dead.
    static let rescuesMaximum = 25
    /// How long a settled effect is kept: a dead letter may still ask for its receipt. Its request and receipt hold
    /// personal data.
    static let effectRetentionDays = 90
    /// Rows one statement of a clean-up deletes, so that it never holds locks for long.
    static let cleanupBatch = 1000
    /// Between two NOTIFYs of one process (DESIGN §3.10).
    static let notifyPause = Duration.milliseconds(10)
    /// How often the depth of the queue is measured.
    static let gaugeSeconds = 15.0

    /// How long the first job of a batch waits for the others to end, so that they share one commit.
    static let gatherPause = Duration.milliseconds(1)
    /// The server stops a claim that takes longer: something is wrong with it, and its locks are in everybody's way.
    static let claimTimeoutSeconds = 5
    /// Ready jobs from which on the log says that nobody keeps up. Intake goes on.
    static let readyMaximum = 100_000
    /// A transaction that is open for longer keeps every vacuum from its work: the queue grows slow.
    static let oldestTransactionSecondsMaximum = 60.0

    var heartbeat: Duration { .seconds(leaseSeconds / 3) }
}

/// A job that comes round: each tick once however many replicas run, and never two of one schedule at a time.
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
