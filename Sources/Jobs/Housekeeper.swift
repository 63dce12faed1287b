import Kernel
import Logging
import Postgres

/// What every process does beside its jobs: brings back what dead workers left, fires the schedules, measures the
/// queue. No leader is needed: each statement is its own arbiter.
struct Housekeeper: Sendable {
    let database: Database
    let settings: JobSettings
    let registrations: [JobKind: JobRegistration]
    let schedules: [Schedule]
    let burial: JobBurial
    let circuits: CircuitBoard
    let wakeUps: WakeUps
    let metrics: JobMetrics
    let logger: Logger

    /// Rescues in one sweep; the rest waits for the next.
    private static let rescueBatch = 200

    /// Until cancelled.
    func keep() async {
        var isDeclared = false
        var isAway = false
        var nextRescue = ContinuousClock.now
        var nextGauge = ContinuousClock.now
        while !Task.isCancelled {
            var pause = min(settings.rescueSweepSeconds, max(settings.pollSeconds, 0.01))
            do {
                if !isDeclared {
                    for schedule in schedules { try await ScheduleStorage.declare(schedule, in: database) }
                    try await KindStorage.declare(Array(registrations.values), in: database)
                    isDeclared = true
                }
                try await circuits.refresh()
                if let seconds = try await tick() { pause = min(pause, max(seconds, 0.01)) }
                let now = ContinuousClock.now
                if now >= nextRescue {
                    nextRescue = now + .seconds(min(settings.rescueSweepSeconds, settings.leaseSeconds / 3))
                    try await rescue()
                }
                if now >= nextGauge {
                    nextGauge = now + .seconds(JobSettings.gaugeSeconds)
                    try await measure()
                }
                isAway = false
            } catch {
                // Once, not with every round.
                if !isAway, !Task.isCancelled {
                    logger.warning("The queue cannot be looked after.", metadata: ["error": "\(error)"])
                }
                isAway = true
            }
            try? await Task.sleep(for: .seconds(pause))
        }
    }

    private func measure() async throws {
        if let depth = try await ScheduleStorage.depth(in: database) {
            metrics.depth(depth)
            if depth.ready > JobSettings.readyMaximum {
                logger.warning(
                    "The queue is very long; nobody keeps up with it.",
                    metadata: ["ready": "\(depth.ready)", "maximum": "\(JobSettings.readyMaximum)"])
            }
        }
        let seconds = try await ScheduleStorage.oldestTransactionSeconds(in: database)
        metrics.oldestTransaction(seconds: seconds)
        if seconds > JobSettings.oldestTransactionSecondsMaximum {
            logger.warning(
                "A transaction is open for long: nothing can be vacuumed meanwhile and the queue grows slow.",
                metadata: ["seconds": "\(Int(seconds))"])
        }
    }

    /// Seconds until the next schedule is due.
    func tick() async throws -> Double? {
        guard !schedules.isEmpty else { return nil }
        let tick = try await ScheduleStorage.tick(schedules.map(\.name), in: database)
        if tick.fired > 0 { wakeUps.signal() }
        return tick.nextDueSeconds
    }

    /// Brings back the jobs whose lease ran out. One that takes its worker down again and again is dead, but only
    /// where its kind is known: an old binary must not bury what a newer one can do.
    func rescue() async throws {
        let expired = try await LeaseStorage.expired(limit: Self.rescueBatch, in: database)
        var rescued = 0
        var vendors: Set<String> = []
        for claimed in expired {
            do {
                if claimed.rescues >= JobSettings.rescuesMaximum, let registration = registrations[claimed.job.kind] {
                    try await burial.bury(
                        claimed, registration,
                        reason: "Its worker died or froze \(claimed.rescues + 1) times with this job in hand.",
                        onlyIfExpired: true)
                } else if try await LeaseStorage.rescue(claimed, in: database) {
                    rescued += 1
                    if let vendor = registrations[claimed.job.kind]?.vendor { vendors.insert(vendor) }
                }
            } catch let error as PostgresError
                where error.sqlState == .uniqueViolation || (error.kind == .server && error.isPassing)
            {
                // An equal job came in just now, or its row is held; the next sweep sees it, the others go on.
                continue
            }
        }
        guard rescued > 0 else { return }
        await circuits.rescued(vendors)
        metrics.rescued(rescued)
        logger.warning("Jobs of dead or frozen workers are back in the queue.", metadata: ["jobs": "\(rescued)"])
        wakeUps.signal()
    }
}
