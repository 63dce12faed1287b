import Kernel
import Postgres

/// Deletes what ended long ago, in batches: done and cancelled jobs after `cleanupDays`, dead letters and settled
/// effects much later.
struct JobPruning: Sendable {
    let database: Database
    let cleanupDays: Int

    private static let kind: JobKind = "jobs.prune"

    let schedule = Schedule("jobs.prune", JobPruning.kind, everySeconds: 3600)

    var registration: JobRegistration {
        JobRegistration(Self.kind, timeoutSeconds: 600) { _ in
            try await prune()
            return { _ in }
        }
    }

    func prune() async throws {
        let limit = JobSettings.cleanupBatch
        while try await ScheduleStorage.deleteEnded(olderThanDays: cleanupDays, limit: limit, in: database) == limit {
            try Task.checkCancellation()
        }
        let days = max(cleanupDays, JobSettings.deadKeptDays)
        while try await ScheduleStorage.deleteDead(olderThanDays: days, limit: limit, in: database) == limit {
            try Task.checkCancellation()
        }
        let effectDays = max(days, JobSettings.effectRetentionDays)
        while try await EffectStorage.deleteSettled(olderThanDays: effectDays, limit: limit, in: database) == limit {
            try Task.checkCancellation()
        }
    }
}
