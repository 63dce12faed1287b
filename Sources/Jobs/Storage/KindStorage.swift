import Postgres

/// The statements over what is known of each kind of job.
enum KindStorage {
    /// A kind that no process does any more stays: its old jobs are still listed.
    static func declare(_ registrations: [JobRegistration], in database: Database) async throws {
        let registrations = registrations.sorted { $0.kind.name < $1.kind.name }
        try await database.execute(
            """
            INSERT INTO jobs.kind AS kind (kind, queue, vendor, category)
            SELECT kind, queue, NULLIF(vendor, ''), NULLIF(category, '')
            FROM unnest(\(SQLArray(registrations.map(\.kind.name)))::text[],
                \(SQLArray(registrations.map(\.queue)))::text[],
                \(SQLArray(registrations.map { $0.vendor ?? "" }))::text[],
                \(SQLArray(registrations.map { $0.category?.rawValue ?? "" }))::text[])
                AS known (kind, queue, vendor, category)
            ON CONFLICT (kind) DO UPDATE
            SET queue = excluded.queue, vendor = excluded.vendor, category = excluded.category
            WHERE (kind.queue, kind.vendor, kind.category)
                IS DISTINCT FROM (excluded.queue, excluded.vendor, excluded.category)
            """)
    }
}
