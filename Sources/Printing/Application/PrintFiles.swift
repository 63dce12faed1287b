package import Artefacts
package import Contracts
package import Jobs
package import Kernel
package import Postgres

/// Files to print: stored by their hash, then brought to SimplyPrint by a job.
package struct PrintFiles: PrintFilesContract {
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects
    private let artefacts: ArtefactStore
    private let effect: PrintFileEffect
    private let identities: Identities
    private let time: Time

    package static let noSuchFile = Problem.notFound("There is no print file with this id.")
    /// The most one file may have: what the artefacts hold; SimplyPrint takes more in one part.
    package static let bytesMaximum = ArtefactStore.bytesMaximum
    /// Characters of a name.
    package static let nameMaximum = 100
    /// What SimplyPrint can slice or print (its file type comes from the extension).
    package static let extensions: Set<String> = ["gcode", "bgcode", "3mf", "stl", "step", "obj"]

    package init(
        database: Database, outbox: Outbox, effects: Effects, artefacts: ArtefactStore, effect: PrintFileEffect,
        identities: Identities, time: Time
    ) {
        self.database = database
        self.outbox = outbox
        self.effects = effects
        self.artefacts = artefacts
        self.effect = effect
        self.identities = identities
        self.time = time
    }

    package var registration: JobRegistration {
        JobRegistration(
            "printing.upload-file", timeoutSeconds: 300, vendor: "simplyprint", onDeadLetter: complain, handle: upload)
    }

    package func file(_ id: PrintFileID) async throws -> PrintFileView? {
        try await PrintFileStorage.view(id, in: database)
    }

    package func page(before: PrintFileID?, limit: Int) async throws -> [PrintFileView] {
        try await PrintFileStorage.views(before: before, limit: limit, in: database)
    }

    package func store(name: String, bytes: [UInt8]) async throws -> PrintFileView {
        try Self.check(name)
        guard !bytes.isEmpty else { throw Problem.invalid([.init("body", "is empty", allowed: "the file's bytes")]) }
        guard bytes.count <= Self.bytesMaximum else {
            throw Problem(
                code: "body-too-large", status: 413, detail: "A print file may have at most \(Self.bytesMaximum) bytes."
            )
        }
        let id: PrintFileID = try await database.transaction { transaction in
            let digest = try await artefacts.put(bytes, mediaType: "application/octet-stream", in: transaction)
            let (id, isNew) = try await PrintFileStorage.insert(
                identities.make(), name: name, digest: digest, sizeBytes: bytes.count, in: transaction)
            guard isNew else { return id }
            try await effects.plan(
                PrintFileEffect.self, reference: Self.reference(id),
                request: .init(
                    name: PrintFileEffect.name(name, digest: digest), digest: digest, sizeBytes: Int64(bytes.count)),
                subject: nil, in: transaction)
            try await outbox.enqueue(
                NewJob("printing.upload-file", payload: PrintFileReference(printFileID: id)), in: transaction)
            return id
        }
        guard let view = try await file(id) else { throw Self.noSuchFile }
        return view
    }

    /// A file's effect has one generation: the same bytes under the same name are the same file for ever.
    private static func reference(_ id: PrintFileID) -> String { "\(id)-1" }

    /// - Throws: `Problem` 422.
    private static func check(_ name: String) throws {
        let isPlain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) && !#""\/:*?<>|"#.utf8.contains($0) }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard isPlain, (1...nameMaximum).contains(name.utf8.count), parts.count > 1, parts[0] != "",
            let ending = parts.last, extensions.contains(ending.lowercased())
        else {
            throw Problem.invalid([
                .init(
                    "name", "is no name of a print file",
                    allowed:
                        "1 to \(nameMaximum) ASCII characters, ending in \(extensions.sorted().joined(separator: ", "))"
                )
            ])
        }
    }

    private func upload(_ job: Job) async throws -> Commit? {
        let id = try job.decode(PrintFileReference.self).printFileID
        guard let file = try await file(id), file.state != .stored else { return nil }
        let outcome = try await effects.perform(
            effect, reference: Self.reference(id), job: job, onSent: moving(.intent, id),
            onUnknown: moving(.unknown, id))
        guard case .made(let receipt, let record) = outcome else { return nil }
        return { transaction in
            // The file before its effect, everywhere.
            _ = try await PrintFileStorage.lock(id, in: transaction)
            try await record(transaction)
            try await PrintFileStorage.save(
                id, .stored, simplyPrintFileID: receipt.fileID, problem: nil, in: transaction)
        }
    }

    private func moving(_ state: PrintFileState, _ id: PrintFileID) -> Commit {
        { transaction in
            guard let file = try await PrintFileStorage.lock(id, in: transaction), file.state != .stored else { return }
            try await PrintFileStorage.save(id, state, problem: file.attention, in: transaction)
        }
    }

    private func complain(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let id = try? job.decode(PrintFileReference.self).printFileID,
            let file = try await PrintFileStorage.lock(id, in: transaction), file.state != .stored
        else { return }
        let problem = Attention(
            code: "file-not-uploaded", reason: reason, since: file.attention?.since ?? time.now(),
            action: "Mend the cause (SimplyPrint access, plan), then POST /api/v1/jobs/\(job.id)/retry.")
        try await PrintFileStorage.save(id, file.state, problem: problem, in: transaction)
    }
}

/// Payload of a job about one print file.
package struct PrintFileReference: Codable, Hashable, Sendable {
    package let printFileID: PrintFileID
}
