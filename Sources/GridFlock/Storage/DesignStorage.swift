package import Contracts
package import Kernel
package import Postgres

/// All SQL of designs.
package enum DesignStorage {
    /// Where the wish is known already nothing is written.
    /// - Returns: whether it is new.
    package static func insert(_ design: Design, in transaction: Transaction) async throws -> Bool {
        let inserted = try await transaction.execute(
            """
            INSERT INTO gridflock.design (id, canonical, digest, request, drawer_width_tenth_micrometres,
                drawer_depth_tenth_micrometres, part_count, state)
            VALUES (\(design.id), \(design.canonical), \(design.digest), \(design.request)::jsonb,
                \(design.drawerWidthTenthMicrometres), \(design.drawerDepthTenthMicrometres), \(design.partCount),
                \(design.state.rawValue))
            ON CONFLICT (digest) DO NOTHING
            """)
        return inserted == 1
    }

    /// Waits for whoever has it; the files come along.
    package static func lock(_ id: DesignID, in transaction: Transaction) async throws -> Design? {
        let rows = try await transaction.query("SELECT * FROM gridflock.design WHERE id = \(id) FOR UPDATE")
        guard var design = try rows.first.map(DesignRow.design) else { return nil }
        design.files = try await transaction.query(
            "SELECT * FROM gridflock.design_file WHERE design_id = \(id) ORDER BY position"
        ).map(DesignRow.file)
        return design
    }

    package static func lock(digest: String, in transaction: Transaction) async throws -> Design? {
        try await transaction.query("SELECT * FROM gridflock.design WHERE digest = \(digest) FOR UPDATE")
            .first.map(DesignRow.design)
    }

    /// The designs that have a file of these digests, each by its id: the same way round everywhere.
    package static func lock(filesOf digests: [String], in transaction: Transaction) async throws -> [Design] {
        try await transaction.query(
            """
            SELECT * FROM gridflock.design WHERE id IN (
                SELECT design_id FROM gridflock.design_file WHERE digest = ANY(\(SQLArray(digests))::text[]))
            ORDER BY id FOR UPDATE
            """
        ).map(DesignRow.design)
    }

    package static func design(_ id: DesignID, in database: Database) async throws -> Design? {
        let results = try await database.pipeline([
            "SELECT * FROM gridflock.design WHERE id = \(id)",
            "SELECT * FROM gridflock.design_file WHERE design_id = \(id) ORDER BY position",
        ])
        guard var design = try results[0].rows.first.map(DesignRow.design) else { return nil }
        design.files = try results[1].rows.map(DesignRow.file)
        return design
    }

    /// A page, newest first, without files.
    package static func designs(
        state: DesignState?, digest: String?, before: DesignID?, limit: Int, in database: Database
    ) async throws -> [Design] {
        try await database.query(
            """
            SELECT * FROM gridflock.design
            WHERE (\(state?.rawValue)::text IS NULL OR state = \(state?.rawValue)::text)
                AND (\(digest)::text IS NULL OR digest = \(digest)::text)
                AND (\(before)::uuid IS NULL OR id < \(before)::uuid)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(DesignRow.design)
    }

    package static func save(
        _ id: DesignID, _ state: DesignState, problem: Attention? = nil, in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE gridflock.design
            SET state = \(state.rawValue), problem_code = \(problem?.code), problem_text = \(problem?.reason),
                problem_action = \(problem?.action), problem_since = \(problem?.since), updated_at = jobs.clock()
            WHERE id = \(id)
            """)
    }

    /// Its files, in place of those it had.
    package static func saveFiles(
        _ id: DesignID, _ files: [DesignFile], revision: Int, milliseconds: Int64, in transaction: Transaction
    ) async throws {
        transaction.sendLater("DELETE FROM gridflock.design_file WHERE design_id = \(id)")
        for (position, file) in files.enumerated() {
            let facts = try file.facts.map { try JSON.text($0) }
            transaction.sendLater(
                """
                INSERT INTO gridflock.design_file (design_id, name, position, media_type, digest, size_bytes, facts)
                VALUES (\(id), \(file.name), \(position), \(file.mediaType), \(file.digest), \(file.sizeBytes),
                    \(facts)::jsonb)
                """)
        }
        try await transaction.execute(
            """
            UPDATE gridflock.design
            SET state = 'ready', generator_revision = \(revision), generation_milliseconds = \(milliseconds),
                problem_code = NULL, problem_text = NULL, problem_action = NULL, problem_since = NULL,
                updated_at = jobs.clock()
            WHERE id = \(id)
            """)
    }
}
