import Artefacts
import Contracts
package import Jobs
import Kernel
import Postgres

/// What came of making a design's files.
package struct Generation: Sendable {
    package let files: [MadeFile]
    /// Of the generator: raised when the same wish gives other bytes than before.
    package let revision: Int

    package init(files: [MadeFile], revision: Int) {
        self.files = files
        self.revision = revision
    }
}

extension Designs {
    package static let generateKind: JobKind = "gridflock.generate"

    package var registration: JobRegistration {
        JobRegistration(
            Self.generateKind, timeoutSeconds: limits.generationSeconds + 60, onDeadLetter: complain, handle: generate)
    }

    private func generate(_ job: Job) async throws -> Commit? {
        let id = try job.decode(DesignReference.self).designID
        guard let design = try await begin(id) else { return nil }
        let began = ContinuousClock.now
        let generation = try await made(design, job)
        let took = ContinuousClock.now - began
        metrics.made(generation.files, took: took)
        return { transaction in
            try await keep(generation, of: id, milliseconds: took.milliseconds, in: transaction)
        }
    }

    /// Nil when there is nothing to do any more.
    private func begin(_ id: DesignID) async throws -> Design? {
        try await database.transaction { transaction in
            guard let design = try await DesignStorage.lock(id, in: transaction), design.state != .ready else {
                return nil
            }
            try await apply(.started, to: design, in: transaction)
            return design
        }
    }

    /// - Throws: `JobFailure` that says why it cannot be made; `CancellationError`.
    private func made(_ design: Design, _ job: Job) async throws -> Generation {
        let sign = StopSign(
            seconds: limits.generationSeconds, deadline: job.deadline.map { $0 - GridFlockLimits.deadlineReserve })
        let generation: Generation
        do {
            generation = try await withTaskCancellationHandler {
                try await workbench.run {
                    // Waiting for a thread is no work.
                    sign.start()
                    return try make(design.request, design.canonical, sign)
                }
            } onCancel: {
                sign.raise()
            }
        } catch let raised as StopSign.Raised {
            guard raised.isTimeUp else { throw CancellationError() }
            metrics.failed()
            throw timeUp(job)
        } catch let refusal as GenerationRefusal {
            metrics.failed()
            throw JobFailure.rejected(refusal.sentence)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            metrics.failed()
            throw error
        }
        let bytes = generation.files.reduce(0) { $0 + $1.bytes.count }
        guard bytes <= GridFlockLimits.designBytesMaximum,
            generation.files.allSatisfy({ $0.bytes.count <= ArtefactStore.bytesMaximum })
        else {
            metrics.failed()
            throw JobFailure.rejected("The files are larger than what may be kept of one design.")
        }
        return generation
    }

    /// A busy server is slow for a while; a wish that is too much for it stays so.
    private func timeUp(_ job: Job) -> JobFailure {
        let sentence = "Making the files took longer than \(limits.generationSeconds) s"
        guard job.claims >= GridFlockLimits.slowRunsMaximum else { return .notNow("\(sentence).") }
        return .rejected(
            "\(sentence) each time: raise GRIDFLOCK_TIMEOUT_SECONDS, or lower GRIDFLOCK_CONCURRENCY on a busy server.")
    }

    private func keep(
        _ generation: Generation, of id: DesignID, milliseconds: Int64, in transaction: Transaction
    ) async throws {
        guard let design = try await DesignStorage.lock(id, in: transaction), design.state != .ready else { return }
        // By their digests, as everybody who locks several artefacts: two designs may have a file in common.
        var digests: [String: String] = [:]
        for (_, file) in generation.files.map({ (digest($0.bytes), $0) }).sorted(by: { $0.0 < $1.0 }) {
            digests[file.name] = try await artefacts.putCached(file.bytes, mediaType: file.mediaType, in: transaction)
        }
        let files = generation.files.compactMap { file in
            digests[file.name].map {
                DesignFile(
                    name: file.name, mediaType: file.mediaType, digest: $0, sizeBytes: file.bytes.count,
                    facts: file.facts)
            }
        }
        // What was sold by its hash must come back by its hash.
        guard design.files.isEmpty || design.generatorRevision != generation.revision || design.files.isSame(as: files)
        else {
            throw JobFailure.rejected("The same wish gave other bytes than before; the files were not kept.")
        }
        try await DesignStorage.saveFiles(
            id, files, revision: generation.revision, milliseconds: milliseconds, in: transaction)
        try await outbox.append(
            GridFlockDesignReady(designID: id, fileCount: files.count), about: id.stream, source: "gridflock",
            in: transaction)
    }

    private func complain(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let id = try? job.decode(DesignReference.self).designID,
            let design = try await DesignStorage.lock(id, in: transaction)
        else { return }
        let problem = Attention(
            code: "design-not-made", reason: reason, since: time.now(),
            action: "Change the wish, or mend the cause and POST /api/v1/gridflock/designs/\(id)/regenerate.")
        try await apply(.gaveUp, to: design, problem: problem, in: transaction)
    }
}

/// Why a wish that looked right cannot be made after all: a sentence for the operator, without anybody's data.
package struct GenerationRefusal: Error, Hashable, Sendable {
    package let sentence: String

    package init(_ sentence: String) {
        self.sentence = sentence
    }
}

extension [DesignFile] {
    /// Byte for byte, but for what zlib compressed: another version of it may write the same content shorter.
    fileprivate func isSame(as other: [DesignFile]) -> Bool {
        guard map(\.name) == other.map(\.name) else { return false }
        return zip(self, other).allSatisfy { $0.mediaType == MadeFile.compressedMediaType || $0.digest == $1.digest }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
