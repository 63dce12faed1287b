package import Contracts
import FoundationEssentials
package import Kernel
package import Postgres

/// All SQL of print files.
package enum PrintFileStorage {
    /// The file's id, and whether it is new: the same bytes under the same name are one file.
    package static func insert(
        _ id: PrintFileID, name: String, digest: String, sizeBytes: Int, in transaction: Transaction
    ) async throws -> (PrintFileID, isNew: Bool) {
        let inserted = try await transaction.execute(
            """
            INSERT INTO printing.print_file (id, name, digest, size_bytes)
            VALUES (\(id), \(name), \(digest), \(Int64(sizeBytes)))
            ON CONFLICT (digest, name) DO NOTHING
            """)
        if inserted == 1 { return (id, true) }
        let rows = try await transaction.query(
            "SELECT id FROM printing.print_file WHERE digest = \(digest) AND name = \(name)")
        return (try rows.first?("id") ?? id, false)
    }

    package static func lock(_ id: PrintFileID, in transaction: Transaction) async throws -> PrintFileView? {
        try await transaction.query("SELECT * FROM printing.print_file WHERE id = \(id) FOR UPDATE").first.map(view)
    }

    package static func view(_ id: PrintFileID, in database: Database) async throws -> PrintFileView? {
        try await database.query("SELECT * FROM printing.print_file WHERE id = \(id)").first.map(view)
    }

    /// A page, newest first.
    package static func views(
        before: PrintFileID?, limit: Int, in database: Database
    ) async throws -> [PrintFileView] {
        try await database.query(
            """
            SELECT * FROM printing.print_file WHERE \(before)::uuid IS NULL OR id < \(before)::uuid
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(view)
    }

    package static func save(
        _ id: PrintFileID, _ state: PrintFileState, simplyPrintFileID: String? = nil, problem: Attention?,
        in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE printing.print_file
            SET state = \(state.rawValue), simplyprint_file_id = \(simplyPrintFileID), problem_code = \(problem?.code),
                problem_text = \(problem?.reason), problem_action = \(problem?.action),
                problem_since = \(problem?.since), updated_at = now()
            WHERE id = \(id)
            """)
    }

    private static func view(_ row: Row) throws -> PrintFileView {
        guard let state = PrintFileState(rawValue: try row("state")) else {
            throw RowError(column: "state", reason: "is no print file state")
        }
        var attention: Attention?
        if let code: String = try row.optional("problem_code") {
            attention = Attention(
                code: code, reason: try row("problem_text"), since: try row("problem_since"),
                action: try row("problem_action"))
        }
        return PrintFileView(
            id: try row("id"), name: try row("name"), digest: try row("digest"), sizeBytes: try row("size_bytes"),
            state: state, simplyPrintFileID: try row.optional("simplyprint_file_id"), createdAt: try row("created_at"),
            updatedAt: try row("updated_at"), attention: attention)
    }
}
