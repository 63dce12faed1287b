import Kernel
import Postgres

/// The same promises as in the pure layer, read from the database and from what the vendors hold.
struct SQLInvariants {
    let seed: SimulationSeed
    let database: Database

    func check(ledger: JSONValue, placed: Int, steps: Int, crashes: Int) async throws -> SimulationReport {
        var broken: (what: String, order: String?)?
        func require(_ what: String, _ query: Query) async throws {
            guard broken == nil, let row = try await database.query(query).first else { return }
            broken = (what, try row.optional("subject"))
        }
        try await require(
            "an order is stuck",
            """
            SELECT id::text AS subject FROM orders.shop_order
            WHERE status NOT IN ('fulfilled', 'cancelled', 'closed') ORDER BY id LIMIT 1
            """)
        try await require(
            "versions of an order have gaps",
            """
            SELECT subject::text AS subject FROM jobs.event GROUP BY subject
            HAVING max(version) <> count(*) OR min(version) <> 1 LIMIT 1
            """)
        try await require(
            "an effect was never settled",
            "SELECT subject::text AS subject FROM jobs.effect WHERE state IN ('sent', 'unknown') LIMIT 1")
        try await require(
            "a job is dead",
            "SELECT coalesce(subject::text, kind) AS subject FROM jobs.job WHERE state = 'dead' LIMIT 1")
        try await require(
            "a fence was given twice",
            "SELECT min(job_id)::text AS subject FROM jobs.run GROUP BY fence HAVING count(*) > 1 LIMIT 1")
        try await require(
            "an order was fulfilled with a print missing",
            """
            SELECT o.id::text AS subject FROM orders.shop_order o JOIN orders.line_item l ON l.order_id = o.id
            WHERE o.status = 'fulfilled' AND l.current_quantity > 0 AND l.skipped_because IS NULL
                AND (SELECT count(*) FROM printing.print_job p JOIN printing.attempt a ON a.print_job_id = p.id
                    WHERE p.line_item_id = l.id AND a.is_closed)
                    < l.current_quantity * (SELECT sum((part ->> 'quantityPerProduct')::integer)
                        FROM jsonb_array_elements(l.parts) AS part)
            LIMIT 1
            """)
        let known: Int = try await count("SELECT count(*) AS count FROM orders.shop_order")
        if broken == nil, known != placed { broken = ("of \(placed) orders \(known) are known", nil) }
        if broken == nil { broken = try vendors(ledger) }
        return SimulationReport(
            seed: seed,
            counts: [
                ("orders", placed), ("steps", steps),
                ("events", try await count("SELECT count(*) AS count FROM jobs.event")),
                ("jobs in the queue's memory", try await count("SELECT count(*) AS count FROM jobs.job")),
                ("effects", try await count("SELECT count(*) AS count FROM jobs.effect")), ("runs broken off", crashes),
                ("print jobs", try await count("SELECT count(*) AS count FROM printing.print_job")),
                (
                    "attempts beyond the first",
                    try await count("SELECT count(*) AS count FROM printing.attempt WHERE attempt > 1")
                ),
            ], violation: try await violation(broken))
    }

    /// What the stand-ins' ledger holds of each reference.
    private func vendors(_ ledger: JSONValue) throws -> (what: String, order: String?)? {
        func repeated(_ path: [String], _ key: String, where isCounted: (JSONValue) -> Bool) -> String? {
            let list = path.reduce(JSONValue?.some(ledger)) { $0?[$1] }
            guard case .array(let entries)? = list else { return nil }
            var seen: Set<String> = []
            return entries.filter(isCounted).compactMap { $0[key]?.string }.first { !seen.insert($0).inserted }
        }
        func isTrue(_ value: JSONValue?) -> Bool { value == .bool(true) }
        if let reference = repeated(["simplyprint", "queueItems"], "reference", where: { !isTrue($0["deleted"]) }) {
            return ("the farm holds more than one item as \(reference)", nil)
        }
        if let reference = repeated(["simplyprint", "jobs"], "reference", where: { $0["state"]?.string == "finished" })
        {
            return ("\(reference) was printed twice", nil)
        }
        if let reference = repeated(
            ["sendcloud", "parcels"], "externalReference", where: { !isTrue($0["cancelled"]) })
        {
            return ("the carrier holds more than one parcel as \(reference)", nil)
        }
        if let order = repeated(["shopify", "fulfillments"], "orderId", where: { isTrue($0["notifyCustomer"]) }) {
            return ("the customer of the shop's order \(order) was mailed twice", nil)
        }
        return nil
    }

    private func count(_ query: Query) async throws -> Int {
        try await database.query(query)[0]("count")
    }

    private func violation(_ broken: (what: String, order: String?)?) async throws -> SimulationReport.Violation? {
        guard let broken else { return nil }
        var history: [String] = []
        if let id = broken.order.flatMap({ StreamText($0) }) {
            history = try await database.query(
                """
                SELECT concat_ws(' ', at, version, name, data) AS line FROM jobs.event
                WHERE subject::text = \(id.text) ORDER BY version DESC LIMIT 40
                """
            ).map { try $0("line") as String }.reversed()
            history += try await database.query(
                """
                SELECT concat_ws(' ', 'job', kind, state, run_at, last_error) AS line FROM jobs.job
                WHERE subject::text = \(id.text) AND state <> 'done' ORDER BY id LIMIT 20
                """
            ).map { try $0("line") as String }
            history += try await database.query(
                """
                SELECT concat_ws(' ', 'print', copy_number, attempt, state, is_withdrawn, problem_code) AS line
                FROM printing.print_job WHERE order_id::text = \(id.text) ORDER BY id LIMIT 20
                """
            ).map { try $0("line") as String }
        }
        return .init(what: broken.what, order: broken.order ?? "none", history: history)
    }

    private struct StreamText {
        let text: String

        init(_ text: String) { self.text = text }
    }
}
