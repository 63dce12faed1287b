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

    /// In the order of their digests, as everybody who locks several of them.
    static func touch(_ digests: [String], olderThanSeconds: Double, in database: Database) async throws {
        try await database.execute(
            """
            WITH old AS (
                SELECT digest FROM artefacts.artefact
                WHERE digest = ANY(\(SQLArray(digests))::text[])
                    AND used_at < jobs.clock() - make_interval(secs => \(olderThanSeconds))
                ORDER BY digest FOR UPDATE
            )
            UPDATE artefacts.artefact AS artefact SET used_at = jobs.clock() FROM old
            WHERE artefact.digest = old.digest
            """)
    }

    /// In the order of their digests, too; gives those that are there. Who throws one away waits, and finds it used.
    static func hold(_ digests: [String], in transaction: Transaction) async throws -> [String] {
        try await transaction.query(
            """
            WITH held AS (
                SELECT digest, used_at FROM artefacts.artefact
                WHERE digest = ANY(\(SQLArray(digests))::text[]) ORDER BY digest FOR UPDATE
            ), used AS (
                UPDATE artefacts.artefact AS artefact SET used_at = jobs.clock() FROM held
                WHERE artefact.digest = held.digest AND held.used_at IS NOT NULL
            )
            SELECT digest FROM held
            """
        ).map { try $0("digest") }
    }

    /// The least used first: those unused for too long, and those that the others leave no room for. At least one of
    /// them, however large it is. The size of bytes that are stored outside of the row is known without reading them.
    static func evictable(
        unusedDays: Int, keepingBytes: Int, limit: Int, limitBytes: Int, in database: Database
    ) async throws -> [ArtefactStore.Unused] {
        try await database.query(
            """
            SELECT digest, used_microseconds FROM (
                SELECT digest, used_at, (extract(epoch FROM used_at) * 1000000)::bigint AS used_microseconds,
                    sum(size) OVER (ORDER BY used_at, digest) - size AS bytes_before
                FROM (
                    SELECT digest, used_at, octet_length(bytes) AS size,
                        sum(octet_length(bytes)) OVER (ORDER BY used_at DESC, digest DESC) AS bytes_so_far
                    FROM artefacts.artefact WHERE used_at IS NOT NULL
                ) AS cached
                WHERE bytes_so_far > \(keepingBytes)::bigint
                    OR used_at < jobs.clock() - make_interval(days => \(unusedDays)::integer)
            ) AS evictable
            WHERE bytes_before < \(limitBytes)::bigint
            ORDER BY used_at, digest LIMIT \(limit)
            """
        ).map { row in
            ArtefactStore.Unused(digest: try row("digest"), usedMicroseconds: try row("used_microseconds"))
        }
    }

    /// Those that were not used since they were chosen: the condition is judged again of each row once it is locked.
    static func removeCached(
        _ unused: [ArtefactStore.Unused], in transaction: Transaction
    ) async throws -> [String] {
        try await transaction.query(
            """
            WITH still_unused AS (
                SELECT artefact.digest FROM artefacts.artefact AS artefact
                JOIN unnest(\(SQLArray(unused.map(\.digest)))::text[],
                    \(SQLArray(unused.map(\.usedMicroseconds)))::bigint[]) AS chosen (digest, used_microseconds)
                    ON chosen.digest = artefact.digest
                WHERE artefact.used_at IS NOT NULL
                    AND (extract(epoch FROM artefact.used_at) * 1000000)::bigint <= chosen.used_microseconds
                ORDER BY artefact.digest FOR UPDATE OF artefact
            )
            DELETE FROM artefacts.artefact AS artefact USING still_unused
            WHERE artefact.digest = still_unused.digest RETURNING artefact.digest
            """
        ).map { try $0("digest") }
    }

    /// Bytes come as text of twice their size, which is held several times over until it is read: so in pieces. They
    /// are stored outside of the row and uncompressed (migration 0003), so that a piece is read without the others.
    private static let pieceBytes = 1_048_576

    /// nil also where it was thrown away in the middle.
    static func get(_ digest: String, in database: Database) async throws -> ArtefactStore.Artefact? {
        var bytes: [UInt8] = []
        while true {
            let rows = try await database.query(
                """
                SELECT substring(bytes FROM \(bytes.count + 1)::integer FOR \(pieceBytes)::integer) AS piece,
                    octet_length(bytes) AS size, media_type
                FROM artefacts.artefact WHERE digest = \(digest)
                """)
            guard let row = rows.first else { return nil }
            let size: Int = try row("size")
            let piece: SQLBytes = try row("piece")
            if size > piece.bytes.count { bytes.reserveCapacity(size) }
            bytes += piece.bytes
            if bytes.count == size { return ArtefactStore.Artefact(bytes: bytes, mediaType: try row("media_type")) }
            guard !piece.bytes.isEmpty else { throw PostgresError(kind: .server, message: "bytes are missing") }
        }
    }
}
