import Kernel
import Postgres

/// Deletes what ended long ago, in batches: done and cancelled jobs after `cleanupDays`, settled effects much later.
/// Dead letters stay: they are an operator's to end.
struct JobPruning: Sendable {
    let database: Database
    let cleanupDays: Int

    private static let kind: JobKind = "jobs.prune"

    let schedule = Schedule("jobs.prune", JobPruning.kind, everySeconds: 3600)

    var registration: JobRegistration {
        JobRegistration(Self.kind, timeoutSeconds: 600) { _ in
            try await prune()
            return nil
        }
    }

    func prune() async throws {
        let limit = JobSettings.cleanupBatch
        while try await ScheduleStorage.deleteEnded(olderThanDays: cleanupDays, limit: limit, in: database) == limit {
            try Task.checkCancellation()
        }
        while try await ScheduleStorage.deleteOrphans(olderThanDays: cleanupDays, limit: limit, in: database) == limit {
            try Task.checkCancellation()
        }
        let effectDays = max(cleanupDays, JobSettings.effectRetentionDays)
        while try await EffectStorage.deleteSettled(olderThanDays: effectDays, limit: limit, in: database) == limit {
            try Task.checkCancellation()
        }
    }
}
