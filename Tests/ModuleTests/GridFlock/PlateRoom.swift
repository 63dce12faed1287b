import Artefacts
import Contracts
import Cryptography
import GridFlock
import Jobs
import Kernel
import Postgres
import Synchronization
import TestKit
import Testing

/// Designs on a database of its own; jobs run when a test says so, and the maker makes what a test says.
struct PlateRoom: Sendable {
    let database: Database
    let maker = StandInMaker()
    let designs: Designs
    let outbox = Outbox(wakeUps: WakeUps())
    let artefacts: ArtefactStore

    init(_ database: Database, limits: GridFlockLimits = GridFlockLimits()) {
        self.database = database
        artefacts = ArtefactStore(database: database)
        designs = Designs(
            database: database, outbox: outbox, artefacts: artefacts, workbench: .here, limits: limits,
            identities: .system, time: .system, digest: { Self.hexadecimal(SHA256.digest($0)) },
            make: { [maker] in try maker.make($0, $1, $2) })
    }

    static func with(_ limits: GridFlockLimits = GridFlockLimits(), _ body: (PlateRoom) async throws -> Void)
        async throws
    {
        try await withDatabase { try await body(PlateRoom($0, limits: limits)) }
    }

    static func draft(_ text: String) -> DesignDraft {
        DesignDraft(
            canonical: text, digest: hexadecimal(SHA256.digest(Array(text.utf8))), request: "{\"text\":\"\(text)\"}",
            drawerWidthTenthMicrometres: 3_710_000, drawerDepthTenthMicrometres: 2_540_000, partCount: 4)
    }

    func want(_ text: String = "plate") async throws -> Design {
        try await designs.want(Self.draft(text)).design
    }

    func firstHalf(_ design: Design, claims: Int = 1) async throws -> Commit? {
        try await designs.registration.handle(job(DesignReference(designID: design.id), claims: claims))
    }

    func generate(_ design: Design, claims: Int = 1) async throws {
        guard let commit = try await firstHalf(design, claims: claims) else { return }
        try await database.transaction { try await commit($0) }
    }

    /// What the queue does with a job that cannot succeed.
    func bury(_ design: Design, reason: String) async throws {
        let job = try job(DesignReference(designID: design.id))
        try await database.transaction { try await designs.registration.onDeadLetter?(job, reason, $0) }
    }

    func evict(claims: Int = 1) async throws {
        guard let commit = try await firstHalfOfEviction(claims: claims) else { return }
        try await database.transaction { try await commit($0) }
    }

    func firstHalfOfEviction(claims: Int = 1) async throws -> Commit? {
        try await designs.evictionRegistration.handle(job([String: String](), claims: claims))
    }

    private func job(_ payload: some Encodable, claims: Int = 1) throws -> Job {
        Job(
            id: 1, kind: Designs.generateKind, payload: try JSON.text(payload), subject: nil, fence: 1, claims: claims,
            correlationID: .make(.system))
    }

    func events(_ name: String) async throws -> Int {
        try await database.query("SELECT count(*) AS count FROM jobs.event WHERE name = \(name)")[0]("count")
    }

    func artefactCount() async throws -> Int {
        try await database.query("SELECT count(*) AS count FROM artefacts.artefact")[0]("count")
    }

    func ready(_ kind: JobKind = Designs.generateKind) async throws -> Int {
        try await database.query(
            "SELECT count(*) AS count FROM jobs.job WHERE kind = \(kind.name) AND state = 'ready'")[0]("count")
    }

    func pass(days: Int) async throws {
        try await database.execute(
            "UPDATE jobs.clock_shift SET shift = shift + make_interval(days => \(days)::integer)")
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Makes files of a wish's text; what it does beside that a test can say.
final class StandInMaker: Sendable {
    struct Script: Sendable {
        var revision = 1
        var suffix = ""
        var refusal: String?
        var fileBytes = 10
        var calls = 0
        /// Files that every design has, in an order that is not that of their digests.
        var sharedFiles = 0
        /// Called before anything is made.
        var pause: (@Sendable (StopSign) throws -> Void)?
        /// Called before each file with how many there are already.
        var beforeFile: (@Sendable (Int) throws -> Void)?
    }

    private let script = Mutex(Script())

    var now: Script { script.withLock { $0 } }

    func change(_ change: (inout Script) -> Void) { script.withLock { change(&$0) } }

    func make(_ request: String, _ canonical: String, _ sign: StopSign) throws -> Making {
        let script = script.withLock { script in
            script.calls += 1
            return script
        }
        if let refusal = script.refusal { throw GenerationRefusal(refusal) }
        try script.pause?(sign)
        try sign.check()
        let filling = String(repeating: ".", count: script.fileBytes)
        var shared = (0..<script.sharedFiles).map { number in
            MadeFile(
                name: "shared-\(number).stl", mediaType: "model/stl", bytes: Array("shared \(number)".utf8))
        }
        // Each design in another order.
        if canonical.utf8.last.map({ $0.isMultiple(of: 2) }) == true { shared.reverse() }
        let files =
            shared + [
                MadeFile(
                    name: "segment-1.stl", mediaType: "model/stl",
                    bytes: Array("\(canonical)\(script.suffix)\(filling)".utf8)),
                MadeFile(name: "plan.svg", mediaType: "image/svg+xml", bytes: Array("<svg>\(canonical)</svg>".utf8)),
            ]
        let given = Mutex(0)
        return Making(
            revision: script.revision,
            next: {
                try given.withLock { given in
                    try script.beforeFile?(given)
                    guard given < files.count else { return nil }
                    defer { given += 1 }
                    return files[given]
                }
            }, facts: { ["segment-1.stl": [["segments": [1], "triangleCount": 12]]] })
    }
}
