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
        // A batch that was too heavy is tried again with half of it, down to a single file.
        let halvings = min(max(job.claims, 1) - 1, 16)
        let unused = try await artefacts.evictable(
            unusedDays: limits.unusedDays, keepingBytes: limits.cacheBytes,
            limit: max(GridFlockLimits.evictionBatch >> halvings, 1),
            limitBytes: max(GridFlockLimits.evictionBytes >> halvings, 1))
        guard !unused.isEmpty else { return nil }
        return { transaction in
            // The designs before their files, and files by their digests, everywhere.
            _ = try await DesignStorage.lock(filesOf: unused.map(\.digest), in: transaction)
            // Somebody may have used them since they were chosen.
            let gone = try await artefacts.removeCached(unused, in: transaction)
            guard !gone.isEmpty else { return }
            for design in try await DesignStorage.lock(filesOf: gone, in: transaction) {
                try await apply(.evicted, to: design, in: transaction)
            }
            metrics.evicted(gone.count)
            try await outbox.enqueue(NewJob(Self.evictKind, uniqueKey: "\(Self.evictKind)"), in: transaction)
        }
    }
}
