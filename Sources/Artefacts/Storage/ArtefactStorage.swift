import Postgres

/// All SQL over the room's table.
enum ArtefactStorage {
    /// The digest is computed where it is checked: a digest that does not fit its bytes cannot be stored.
    static func put(_ bytes: [UInt8], mediaType: String, in transaction: Transaction) async throws -> String {
        let rows = try await transaction.query(
            """
            WITH content AS MATERIALIZED (
                SELECT bytes, encode(sha256(bytes), 'hex') AS digest
                FROM (SELECT \(SQLBytes(bytes))::bytea AS bytes) AS given
            ), stored AS (
                INSERT INTO artefacts.artefact AS artefact (digest, bytes, media_type)
                SELECT digest, bytes, \(mediaType)::text FROM content
                ON CONFLICT (digest) DO UPDATE SET used_at = NULL WHERE artefact.used_at IS NOT NULL
            )
            SELECT digest FROM content
            """)
        return try digest(rows)
    }

    static func putCached(_ bytes: [UInt8], mediaType: String, in transaction: Transaction) async throws -> String {
        let rows = try await transaction.query(
            """
            WITH content AS MATERIALIZED (
                SELECT bytes, encode(sha256(bytes), 'hex') AS digest
                FROM (SELECT \(SQLBytes(bytes))::bytea AS bytes) AS given
            ), stored AS (
                INSERT INTO artefacts.artefact AS artefact (digest, bytes, media_type, used_at)
                SELECT digest, bytes, \(mediaType)::text, jobs.clock() FROM content
                ON CONFLICT (digest) DO UPDATE SET used_at = jobs.clock() WHERE artefact.used_at IS NOT NULL
            )
            SELECT digest FROM content
            """)
        return try digest(rows)
    }

    private static func digest(_ rows: [Row]) throws -> String {
        guard let row = rows.first else { throw PostgresError(kind: .server, message: "no digest came back") }
        return try row("digest")
    }

    static func touch(_ digest: String, olderThanSeconds: Double, in database: Database) async throws {
        try await database.execute(
            """
            UPDATE artefacts.artefact SET used_at = jobs.clock()
            WHERE digest = \(digest) AND used_at < jobs.clock() - make_interval(secs => \(olderThanSeconds))
            """)
    }

    /// The least used first: those unused for too long, and those that the others leave no room for.
    static func evictable(
        unusedDays: Int, keepingBytes: Int, limit: Int, in database: Database
    ) async throws -> [String] {
        try await database.query(
            """
            SELECT digest FROM (
                SELECT digest, used_at,
                    sum(octet_length(bytes)) OVER (ORDER BY used_at DESC, digest DESC) AS bytes_so_far
                FROM artefacts.artefact WHERE used_at IS NOT NULL
            ) AS cached
            WHERE bytes_so_far > \(keepingBytes)::bigint
                OR used_at < jobs.clock() - make_interval(days => \(unusedDays)::integer)
            ORDER BY used_at, digest LIMIT \(limit)
            """
        ).map { try $0("digest") }
    }

    static func removeCached(_ digests: [String], in transaction: Transaction) async throws -> [String] {
        try await transaction.query(
            """
            DELETE FROM artefacts.artefact
            WHERE digest = ANY(\(SQLArray(digests))::text[]) AND used_at IS NOT NULL RETURNING digest
            """
        ).map { try $0("digest") }
    }

    static func get(_ digest: String, in database: Database) async throws -> ArtefactStore.Artefact? {
        try await database.query(
            "SELECT bytes, media_type FROM artefacts.artefact WHERE digest = \(digest)"
        ).first.map { row in
            let bytes: SQLBytes = try row("bytes")
            return ArtefactStore.Artefact(bytes: bytes.bytes, mediaType: try row("media_type"))
        }
    }
}
