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
                INSERT INTO artefacts.artefact (digest, bytes, media_type)
                SELECT digest, bytes, \(mediaType)::text FROM content
                ON CONFLICT (digest) DO NOTHING
            )
            SELECT digest FROM content
            """)
        guard let row = rows.first else { throw PostgresError(kind: .server, message: "no digest came back") }
        return try row("digest")
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
