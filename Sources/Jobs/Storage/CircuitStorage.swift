import Postgres

/// The statements over vendors' circuits. The rules are `VendorCircuit`'s; the row lock makes them one for all replicas.
enum CircuitStorage {
    struct Entry: Sendable {
        let vendor: String
        let circuit: VendorCircuit
        /// `jobs.clock()` when it was read, in seconds since 1970: `circuit.until` counts by the same.
        let now: Double
    }

    static func all(in database: Database) async throws -> [Entry] {
        try await database.query(
            """
            SELECT vendor, phase, failures, opens, EXTRACT(EPOCH FROM until) AS until,
                EXTRACT(EPOCH FROM jobs.clock()) AS now
            FROM jobs.vendor_circuit
            ORDER BY vendor
            """
        ).map(entry)
    }

    /// Changes one circuit under its row lock; what it was and what it is.
    static func change<Value: Sendable>(
        _ vendor: String, in transaction: Transaction,
        _ change: (inout VendorCircuit, _ now: Double) -> Value
    ) async throws -> (before: Entry, after: Entry, value: Value) {
        try await transaction.execute(
            "INSERT INTO jobs.vendor_circuit (vendor) VALUES (\(vendor)) ON CONFLICT (vendor) DO NOTHING")
        let rows = try await transaction.query(
            """
            SELECT vendor, phase, failures, opens, EXTRACT(EPOCH FROM until) AS until,
                EXTRACT(EPOCH FROM jobs.clock()) AS now
            FROM jobs.vendor_circuit WHERE vendor = \(vendor) FOR UPDATE
            """)
        guard let row = rows.first else { throw RowError(column: "vendor", reason: "is not there") }
        let before = try entry(row)
        var circuit = before.circuit
        let value = change(&circuit, before.now)
        let after = Entry(vendor: vendor, circuit: circuit, now: before.now)
        guard circuit != before.circuit else { return (before, after, value) }
        try await transaction.execute(
            """
            UPDATE jobs.vendor_circuit
            SET phase = \(circuit.phase.rawValue), failures = \(circuit.failures), opens = \(circuit.opens),
                until = to_timestamp(\(circuit.until)::double precision),
                changed_at = CASE WHEN phase = \(circuit.phase.rawValue) THEN changed_at ELSE jobs.clock() END
            WHERE vendor = \(vendor)
            """)
        return (before, after, value)
    }

    /// The vendor is back: its jobs start at once, and the time it was away is not theirs.
    static func release(_ kinds: [String], in transaction: Transaction) async throws {
        try await transaction.execute(releaseQuery(kinds))
    }

    static func releaseQuery(_ kinds: [String]) -> Query {
        """
        UPDATE jobs.job SET run_at = LEAST(run_at, jobs.clock()), first_not_now_at = jobs.clock()
        WHERE \(condition: ReadyJobs.condition) AND kind = ANY(\(SQLArray(kinds))::text[]) AND not_now_count > 0
        """
    }

    /// A job waits that a probe could be made with.
    static func hasDueJob(of kinds: [String], in database: Database) async throws -> Bool {
        try await database.query(dueQuery(kinds)).first?("is_due") ?? false
    }

    static func dueQuery(_ kinds: [String]) -> Query {
        """
        SELECT EXISTS (
            SELECT FROM jobs.job
            WHERE \(condition: ReadyJobs.condition) AND kind = ANY(\(SQLArray(kinds))::text[])
                AND run_at <= (SELECT jobs.clock())
        ) AS is_due
        """
    }

    private static func entry(_ row: Row) throws -> Entry {
        let phase: String = try row("phase")
        let circuit = VendorCircuit(
            phase: VendorCircuit.Phase(rawValue: phase) ?? .closed, failures: try row("failures"),
            opens: try row("opens"), until: try row.optional("until"))
        return Entry(vendor: try row("vendor"), circuit: circuit, now: try row("now"))
    }
}
