import Contracts
import Kernel
import Postgres

/// What an order knows of its print jobs. The caller holds the order's lock.
///
/// `orders.print_fact` is the memory of attempts; `finished_part` and `failed_print_job` are the sets that follow from
/// it. The previous binary writes only the sets, so what is in them counts as a fact of the first attempt.
enum PrintFactStorage {
    static func facts(of order: OrderID, in transaction: Transaction) async throws -> [PrintJobID: Order.PrintFact] {
        let printed = Order.PrintFact.Outcome.printed.rawValue
        let failed = Order.PrintFact.Outcome.failed.rawValue
        let rows = try await transaction.query(
            """
            SELECT print_job_id, attempt, outcome, line_item_id, part_number, copy_number
            FROM orders.print_fact WHERE order_id = \(order)
            UNION ALL
            SELECT f.print_job_id, 1, \(printed), f.line_item_id, f.part_number, f.copy_number
            FROM orders.line_item l JOIN orders.finished_part f ON f.line_item_id = l.id
            WHERE l.order_id = \(order)
            UNION ALL
            SELECT print_job_id, 1, \(failed), NULL, NULL, NULL FROM orders.failed_print_job WHERE order_id = \(order)
            """)
        var facts: [PrintJobID: Order.PrintFact] = [:]
        for row in rows {
            let id: PrintJobID = try row("print_job_id")
            let fact = try Self.fact(row)
            facts[id] = facts[id]?.joined(with: fact) ?? fact
        }
        return facts
    }

    static func save(_ order: Order, since known: Order?, in transaction: Transaction) async throws {
        for (printJob, fact) in order.printFacts where known?.printFacts[printJob] != fact {
            try await save(fact, of: printJob, order.id, in: transaction)
            let before = known?.printFacts[printJob]?.outcome
            if fact.outcome == .failed {
                try await transaction.execute(
                    """
                    INSERT INTO orders.failed_print_job (print_job_id, order_id) VALUES (\(printJob), \(order.id))
                    ON CONFLICT DO NOTHING
                    """)
            } else if before == .failed {
                try await transaction.execute("DELETE FROM orders.failed_print_job WHERE print_job_id = \(printJob)")
            }
            if fact.outcome == .printed {
                try await addFinished(fact, printJob, in: transaction)
            } else if before == .printed || fact.outcome == .bad {
                try await transaction.execute("DELETE FROM orders.finished_part WHERE print_job_id = \(printJob)")
                // Another print of the same copy is there all the same.
                for (other, twin) in order.printFacts where twin.outcome == .printed && twin.copy == fact.copy {
                    try await addFinished(twin, other, in: transaction)
                }
            }
        }
    }

    /// Facts only rise: the row says so itself.
    private static func save(
        _ fact: Order.PrintFact, of printJob: PrintJobID, _ order: OrderID, in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO orders.print_fact AS f
                (print_job_id, order_id, attempt, outcome, line_item_id, part_number, copy_number)
            VALUES (\(printJob), \(order), \(fact.attempt), \(fact.outcome.rawValue), \(fact.copy?.lineItemID),
                \(fact.copy?.key.partNumber), \(fact.copy?.key.copyNumber))
            ON CONFLICT (print_job_id) DO UPDATE SET attempt = EXCLUDED.attempt, outcome = EXCLUDED.outcome,
                line_item_id = coalesce(f.line_item_id, EXCLUDED.line_item_id),
                part_number = coalesce(f.part_number, EXCLUDED.part_number),
                copy_number = coalesce(f.copy_number, EXCLUDED.copy_number)
            WHERE (f.attempt, f.outcome) <= (EXCLUDED.attempt, EXCLUDED.outcome)
            """)
    }

    private static func addFinished(
        _ fact: Order.PrintFact, _ printJob: PrintJobID, in transaction: Transaction
    ) async throws {
        guard let copy = fact.copy else { return }
        // The order may have been told of a line that it does not have.
        try await transaction.execute(
            """
            INSERT INTO orders.finished_part (line_item_id, part_number, copy_number, print_job_id)
            SELECT id, \(copy.key.partNumber), \(copy.key.copyNumber), \(printJob)
            FROM orders.line_item WHERE id = \(copy.lineItemID)
            ON CONFLICT DO NOTHING
            """)
    }

    private static func fact(_ row: Row) throws -> Order.PrintFact {
        guard let outcome = Order.PrintFact.Outcome(rawValue: try row("outcome")) else {
            throw RowError(column: "outcome", reason: "is no outcome of a print")
        }
        var copy: Order.PrintFact.Copy?
        if let line: LineItemID = try row.optional("line_item_id") {
            copy = .init(
                lineItemID: line, key: .init(partNumber: try row("part_number"), copyNumber: try row("copy_number")))
        }
        return Order.PrintFact(attempt: try row("attempt"), outcome: outcome, copy: copy)
    }
}
