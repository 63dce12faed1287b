import Artefacts
package import Jobs
import Kernel
import Postgres

extension Designs {
    package static let evictKind: JobKind = "gridflock.evict"

    package var evictionRegistration: JobRegistration {
        JobRegistration(Self.evictKind, timeoutSeconds: 120, handle: evict)
    }

    package var schedules: [Schedule] {
        [Schedule("gridflock-evict", Self.evictKind, everySeconds: GridFlockLimits.evictionSeconds)]
    }

    /// Throws away the files used least; their designs remember what they were.
    private func evict(_ job: Job) async throws -> Commit? {
        let digests = try await artefacts.evictable(
            unusedDays: limits.unusedDays, keepingBytes: limits.cacheBytes, limit: GridFlockLimits.evictionBatch)
        guard !digests.isEmpty else { return nil }
        return { transaction in
            // The designs before their files, everywhere.
            let designs = try await DesignStorage.lock(filesOf: digests, in: transaction)
            let gone = try await artefacts.removeCached(digests, in: transaction)
            for design in designs { try await apply(.evicted, to: design, in: transaction) }
            metrics.evicted(gone.count)
            guard digests.count == GridFlockLimits.evictionBatch else { return }
            try await outbox.enqueue(NewJob(Self.evictKind, uniqueKey: "\(Self.evictKind)"), in: transaction)
        }
    }
}
