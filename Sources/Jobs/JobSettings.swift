/// The knobs of the queue; names and defaults are ADR-021's and DESIGN §3.2's.
package struct JobSettings: Sendable {
    /// How many jobs one process has in hand at most.
    package var concurrency = 8
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

    package init() {}

    /// A claim that a worker lost this often takes its worker down: it is dead.
    static let rescuesMaximum = 25
    /// How often each process looks for leases that ran out.
    static let rescueSweepSeconds = 2.0
    /// Dead letters are an operator's work list: they stay longer than the done ones.
    static let deadKeptDays = 90
    /// How long a settled effect is kept: as long as a dead letter that might still ask for its receipt. Its request
    /// and receipt hold personal data.
    static let effectRetentionDays = 90
    /// Rows one statement of a clean-up deletes, so that it never holds locks for long.
    static let cleanupBatch = 1000
    /// Between two NOTIFYs of one process (DESIGN §3.10).
    static let notifyPause = Duration.milliseconds(10)
    /// How often the depth of the queue is measured.
    static let gaugeSeconds = 15.0

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
