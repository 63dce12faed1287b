import Artefacts
import Contracts
package import Jobs
import Kernel
import Postgres

/// What came of making a design's files: the bytes are kept already, what they are is not.
private struct Generation: Sendable {
    let files: [DesignFile]
    let revision: Int
    let milliseconds: Int64
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
        let generation = try await made(design, job)
        return { transaction in try await keep(generation, of: id, in: transaction) }
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
        do {
            return try await madeAndKept(design, sign)
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
    }

    /// Each file is kept before the next one is made, in a transaction of its own, so that one is in memory at a time.
    /// A run that ends in the middle leaves some that no design has: the next run makes the same, by the same names, and
    /// what none makes again is thrown away like all that nobody asks for.
    private func madeAndKept(_ design: Design, _ sign: StopSign) async throws -> Generation {
        let making = try await working(sign) { try make(design.request, design.canonical, sign) }
        var files: [DesignFile] = []
        var bytes = 0
        while let file = try await working(sign, making.next) {
            bytes += file.bytes.count
            guard bytes <= GridFlockLimits.designBytesMaximum, file.bytes.count <= ArtefactStore.bytesMaximum else {
                throw GenerationRefusal("The files are larger than what may be kept of one design.")
            }
            let digest = try await database.transaction { transaction in
                try await artefacts.putCached(file.bytes, mediaType: file.mediaType, in: transaction)
            }
            files.append(
                DesignFile(
                    name: file.name, mediaType: file.mediaType, digest: digest, sizeBytes: file.bytes.count,
                    facts: nil))
        }
        let facts = making.facts()
        for index in files.indices { files[index].facts = facts[files[index].name] }
        metrics.made(bytes: bytes, took: sign.worked)
        return Generation(files: files, revision: making.revision, milliseconds: sign.worked.milliseconds)
    }

    private func working<Value: Sendable>(
        _ sign: StopSign, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withTaskCancellationHandler {
            try await workbench.run { try sign.working(body) }
        } onCancel: {
            sign.raise()
        }
    }

    /// A busy server is slow for a while; a wish that is too much for it stays so.
    private func timeUp(_ job: Job) -> JobFailure {
        let sentence = "Making the files took longer than \(limits.generationSeconds) s"
        guard job.claims >= GridFlockLimits.slowRunsMaximum else { return .notNow("\(sentence).") }
        return .rejected(
            "\(sentence) each time: raise GRIDFLOCK_TIMEOUT_SECONDS, or lower GRIDFLOCK_CONCURRENCY on a busy server.")
    }

    private func keep(_ generation: Generation, of id: DesignID, in transaction: Transaction) async throws {
        guard let design = try await DesignStorage.lock(id, in: transaction), design.state != .ready else { return }
        let files = generation.files
        // What was sold by its hash must come back by its hash.
        guard design.files.isEmpty || design.generatorRevision != generation.revision || design.files.isSame(as: files)
        else {
            throw JobFailure.rejected("The same wish gave other bytes than before; the files were not kept.")
        }
        // A full cache may have thrown away the first of them while the last was made.
        guard try await artefacts.hold(files.map(\.digest), in: transaction) else {
            throw JobFailure.notNow("Files were thrown away before all of them were made.")
        }
        try await DesignStorage.saveFiles(
            id, files, revision: generation.revision, milliseconds: generation.milliseconds, in: transaction)
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
