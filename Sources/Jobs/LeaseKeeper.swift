import Kernel
import Logging
import Postgres

/// The heartbeat: one statement for all in hand, three times a lease. What is lost is stopped at once.
struct LeaseKeeper: Sendable {
    let database: Database
    let settings: JobSettings
    let inHand: JobsInHand
    let metrics: JobMetrics
    let logger: Logger
    var faults = FaultPoints.none

    /// Until cancelled.
    func keep() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: settings.heartbeat)
            await beat()
        }
    }

    func beat() async {
        let held = inHand.all
        guard !held.isEmpty else { return }
        // From before the statement: the lease cannot end earlier than this clock thinks.
        let sentAt = ContinuousClock.now
        do {
            try await faults.reach(.beforeHeartbeat)
            let ours = try await LeaseStorage.renew(
                held.map(\.claimed.job), leaseSeconds: settings.leaseSeconds, in: database)
            for job in held {
                if ours.contains(job.claimed.job.fence) {
                    job.holdLease(until: sentAt + .seconds(settings.leaseSeconds))
                } else if job.stop(.leaseLost) {
                    metrics.fenceRejected(.heartbeat)
                }
            }
        } catch {
            logger.warning(
                "A heartbeat could not be sent.",
                metadata: ["jobs": "\(held.count)", "error": "\(error)"])
            let now = ContinuousClock.now
            for job in held where job.leaseHeldUntil < now { job.stop(.leaseLost) }
        }
    }
}
