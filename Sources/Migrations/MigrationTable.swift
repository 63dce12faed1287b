import Postgres

/// `public.forma3d_migrations`, the database's own word on what it has.
enum MigrationTable {
    static let createScript = """
        CREATE TABLE IF NOT EXISTS public.forma3d_migrations (
            version integer PRIMARY KEY CHECK (version > 0),
            name text NOT NULL,
            sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            requires_binary integer,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """

    static let readQuery: Query = """
        SELECT version, name, sha256, requires_binary FROM public.forma3d_migrations ORDER BY version
        """

    static func insertQuery(_ migration: Migration) -> Query {
        """
        INSERT INTO public.forma3d_migrations (version, name, sha256, requires_binary)
        VALUES (\(migration.version), \(migration.name), \(migration.sha256), \(migration.requiredBinaryVersion))
        """
    }

    static func applied(_ row: Row) throws -> AppliedMigration {
        AppliedMigration(
            version: try row("version"), name: try row("name"), sha256: try row("sha256"),
            requiredBinaryVersion: try row.optional("requires_binary"))
    }
}
