package import Artefacts
package import Contracts
import FoundationEssentials
package import Jobs
package import Kernel
package import Postgres

/// Designs: asked for once, made by a job, thrown away and made again.
package struct Designs: Sendable {
    /// Begins to make the files of a wish, given as it was asked for and in its one spelling; asks the sign now and then.
    package typealias Make = @Sendable (_ request: String, _ canonical: String, StopSign) throws -> Making

    let database: Database
    let outbox: Outbox
    let artefacts: ArtefactStore
    let workbench: Workbench
    let make: Make
    let digest: Quotes.Digest
    let limits: GridFlockLimits
    private let identities: Identities
    let time: Time
    let metrics = DesignMetrics()

    static let noSuchDesign = Problem.notFound("There is no design with this id.")

    package init(
        database: Database, outbox: Outbox, artefacts: ArtefactStore, workbench: Workbench, limits: GridFlockLimits,
        identities: Identities, time: Time, digest: @escaping Quotes.Digest, make: @escaping Make
    ) {
        self.database = database
        self.outbox = outbox
        self.artefacts = artefacts
        self.workbench = workbench
        self.limits = limits
        self.identities = identities
        self.time = time
        self.digest = digest
        self.make = make
    }

    /// Keeps the wish and has its files made; the same wish is the same design, whoever asks and how often.
    package func want(_ draft: DesignDraft) async throws -> (design: Design, isNew: Bool) {
        let (id, isNew): (DesignID, Bool) = try await database.transaction { transaction in
            let new = draft.design(id: identities.make())
            guard try await DesignStorage.insert(new, in: transaction) else {
                guard let known = try await DesignStorage.lock(digest: draft.digest, in: transaction) else {
                    throw Self.noSuchDesign
                }
                try await apply(.wanted, to: known, in: transaction)
                return (known.id, false)
            }
            try await enqueue(new.id, in: transaction)
            try await outbox.append(
                GridFlockDesignCreated(designID: new.id), about: new.id.stream, source: "gridflock", in: transaction)
            return (new.id, true)
        }
        return (try await design(id), isNew)
    }

    /// Has the files made again where they are not there; elsewhere it changes nothing.
    package func wantAgain(_ id: DesignID) async throws -> Design {
        try await database.transaction { transaction in
            guard let design = try await DesignStorage.lock(id, in: transaction) else { throw Self.noSuchDesign }
            try await apply(.wanted, to: design, in: transaction)
        }
        return try await design(id)
    }

    /// - Throws: `Problem` 404.
    package func design(_ id: DesignID) async throws -> Design {
        guard let design = try await DesignStorage.design(id, in: database) else { throw Self.noSuchDesign }
        return design
    }

    package func page(
        state: DesignState?, digest: String? = nil, before: DesignID?, limit: Int
    ) async throws -> [Design] {
        try await DesignStorage.designs(state: state, digest: digest, before: before, limit: limit, in: database)
    }

    /// The bytes of a file; nil when they were thrown away. One use is a use of all files of the design.
    package func bytes(of file: DesignFile, _ design: Design) async throws -> [UInt8]? {
        try await artefacts.use(file.digest, with: design.files.map(\.digest))?.bytes
    }

    /// Somebody has its files already and asks whether they are still the same: that, too, is a use.
    package func used(_ design: Design) async throws {
        try await artefacts.use(design.files.map(\.digest))
    }

    /// Has the files made again of which one is not there, whatever the design says.
    package func wantLost(_ id: DesignID) async throws {
        try await database.transaction { transaction in
            guard let design = try await DesignStorage.lock(id, in: transaction) else { return }
            // Whoever threw them away says so in the same transaction, unless somebody else did.
            let state = DesignMachine.step(design.state, .evicted).state
            guard state == .evicted else { return }
            try await apply(.wanted, to: design, as: state, in: transaction)
        }
    }

    // MARK: The machine's orders

    func apply(
        _ event: DesignMachine.Event, to design: Design, as state: DesignState? = nil, problem: Attention? = nil,
        in transaction: Transaction
    ) async throws {
        let step = DesignMachine.step(state ?? design.state, event)
        if step.state != design.state || problem != design.attention && step.state == .failed {
            try await DesignStorage.save(
                design.id, step.state, problem: step.state == .failed ? problem ?? design.attention : nil,
                in: transaction)
        }
        for action in step.actions {
            switch action {
            case .enqueue: try await enqueue(design.id, in: transaction)
            case .tellReady: break  // It goes with the files.
            case .tellFailed:
                try await outbox.append(
                    GridFlockDesignFailed(designID: design.id), about: design.id.stream, source: "gridflock",
                    in: transaction)
            }
        }
    }

    private func enqueue(_ id: DesignID, in transaction: Transaction) async throws {
        try await outbox.enqueue(
            NewJob(
                Self.generateKind, payload: DesignReference(designID: id), subject: id.stream,
                uniqueKey: "\(Self.generateKind):\(id)"), in: transaction)
    }
}

/// Payload of a job about one design.
package struct DesignReference: Codable, Hashable, Sendable {
    package let designID: DesignID

    package init(designID: DesignID) {
        self.designID = designID
    }
}

/// A wish that was checked, before it is kept.
package struct DesignDraft: Sendable {
    package let canonical: String
    package let digest: String
    package let request: String
    package let drawerWidthTenthMicrometres: Int
    package let drawerDepthTenthMicrometres: Int
    package let partCount: Int

    package init(
        canonical: String, digest: String, request: String, drawerWidthTenthMicrometres: Int,
        drawerDepthTenthMicrometres: Int, partCount: Int
    ) {
        self.canonical = canonical
        self.digest = digest
        self.request = request
        self.drawerWidthTenthMicrometres = drawerWidthTenthMicrometres
        self.drawerDepthTenthMicrometres = drawerDepthTenthMicrometres
        self.partCount = partCount
    }

    fileprivate func design(id: DesignID) -> Design {
        Design(
            id: id, canonical: canonical, digest: digest, request: request,
            drawerWidthTenthMicrometres: drawerWidthTenthMicrometres,
            drawerDepthTenthMicrometres: drawerDepthTenthMicrometres, partCount: partCount, state: .queued,
            generatorRevision: nil, generationMilliseconds: nil, createdAt: .distantPast, updatedAt: .distantPast,
            attention: nil)
    }
}

extension DesignID {
    /// Its events are about nothing but itself.
    var stream: StreamID { StreamID(uuid) }
}
