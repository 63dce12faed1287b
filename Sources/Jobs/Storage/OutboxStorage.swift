import Kernel
import Postgres

/// The statements that add to the event log and the queue. Nobody reads what they answer: they travel with the next
/// statement or with COMMIT.
enum OutboxStorage {
    struct Fact {
        let name: String
        let subject: StreamID
        /// JSON.
        let data: String
        let source: String
        let correlationID: CorrelationID
    }

    /// Takes the subject's next version, logs the event and makes one job for each subscription.
    /// - Parameter kind: the kind of job that is not told: it gave up, and being told of that it would give up again.
    static func append(_ fact: Fact, notTelling kind: String? = nil, in transaction: Transaction) {
        transaction.sendLater(
            """
            WITH fact AS (
                SELECT \(fact.name)::text AS name, \(fact.subject)::uuid AS subject, \(fact.data)::jsonb AS data,
                    \(fact.correlationID)::text AS correlation_id
            ), stream AS (
                INSERT INTO jobs.stream AS stream (subject, version)
                SELECT subject, 1 FROM fact
                ON CONFLICT (subject) DO UPDATE SET version = stream.version + 1
                RETURNING version
            ), logged AS (
                INSERT INTO jobs.event (name, subject, version, data, correlation_id, source)
                SELECT fact.name, fact.subject, stream.version, fact.data, fact.correlation_id, \(fact.source)::text
                FROM fact CROSS JOIN stream
            )
            INSERT INTO jobs.job (kind, subject, payload, correlation_id)
            SELECT subscription.kind, fact.subject, fact.data, fact.correlation_id
            FROM fact JOIN jobs.subscription ON subscription.event = fact.name
                AND subscription.kind IS DISTINCT FROM \(kind)::text
            """)
    }

    /// DO UPDATE, not DO NOTHING: it locks the waiting job until the caller commits. With DO NOTHING that job could be
    /// claimed and run before the caller's changes can be seen, and the wake-up would be lost. If a claim has just
    /// taken it out of the ready ones, PostgreSQL waits for the claim and then inserts. A job that is backing off
    /// keeps its time.
    static func enqueue(_ job: NewJob, correlationID: CorrelationID, in transaction: Transaction) {
        let limit = job.concurrencyKey == nil ? nil : job.concurrencyLimit
        transaction.sendLater(
            """
            INSERT INTO jobs.job AS job
                (kind, payload, subject, priority, run_at, unique_key, conc_key, conc_limit, correlation_id)
            VALUES (\(job.kind.name), \(job.payload)::jsonb, \(job.subject), \(job.priority),
                jobs.clock() + make_interval(secs => \(job.delaySeconds)), \(job.uniqueKey), \(job.concurrencyKey),
                \(limit), \(correlationID))
            ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state = 'ready'
            DO UPDATE SET priority = LEAST(job.priority, excluded.priority),
                run_at = CASE WHEN job.wrong_count = 0 AND job.not_now_count = 0
                    THEN LEAST(job.run_at, excluded.run_at) ELSE job.run_at END
            """)
    }
}
