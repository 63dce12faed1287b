package import FoundationEssentials
import Kernel
package import Postgres

/// The statements that take ready jobs into hand.
package enum ClaimStorage {
    struct Claim: Sendable {
        var jobs: [ClaimedJob]
        /// Jobs with a concurrency key are due: they are claimed by a statement of their own.
        let isKeyedDue: Bool
        /// Until the next delayed job is due; nil when there is none.
        let nextDueSeconds: Double?
    }

    /// Who claims, what, for how long.
    package struct Claimer: Sendable {
        let worker: UUID
        let kinds: [String]
        let leaseSeconds: Double

        package init(worker: UUID, kinds: [String], leaseSeconds: Double) {
            self.worker = worker
            self.kinds = kinds
            self.leaseSeconds = leaseSeconds
        }
    }

    /// One kind that a selective claim may take.
    package struct Wanted: Sendable {
        let kind: String
        let queue: String
        /// Jobs of the whole queue, this kind's among them.
        let room: Int

        package init(kind: String, queue: String, room: Int) {
            self.kind = kind
            self.queue = queue
            self.room = room
        }
    }

    static func read(_ rows: [Row]) throws -> Claim {
        guard let first = rows.first else { return Claim(jobs: [], isKeyedDue: false, nextDueSeconds: nil) }
        let hasJobs = try first.optional("id", as: Int64.self) != nil
        return Claim(
            jobs: hasJobs ? try rows.map(ClaimedJob.init(row:)) : [], isKeyedDue: try first("is_keyed_due"),
            nextDueSeconds: try first.optional("next_due_seconds"))
    }

    /// By `ctid`, which cannot change while the row is locked: saves the way through the primary key for each job. One
    /// that was changed in this very moment is left to the next claim.
    /// `= ANY(ARRAY(…))` and not a join: with a generic plan a join with `LIMIT $1` reads the primary key from its
    /// beginning, so its cost grows with history (measured: 795 buffers against 16). A test looks at the plan.
    /// `|| ''` keeps the index by kind out of it, by which all that wait would be read and sorted.
    /// The same statement says what the loop needs to know before it goes to sleep.
    package static func claimQuery(_ limit: Int, for claimer: Claimer) -> Query {
        """
        WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now), claimed AS (
            UPDATE jobs.job
            SET state = 'running', claims = claims + 1, fence = nextval('jobs.fence'), worker = \(claimer.worker),
                claimed_at = (SELECT now FROM moment),
                lease_until = (SELECT now FROM moment) + make_interval(secs => \(claimer.leaseSeconds))
            WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM jobs.job
                WHERE state = 'ready' AND conc_key IS NULL AND run_at <= (SELECT now FROM moment)
                    AND kind || '' = ANY(\(SQLArray(claimer.kinds))::text[])
                ORDER BY priority, run_at, id
                LIMIT \(limit)
                FOR UPDATE SKIP LOCKED))
            RETURNING \(condition: claimedColumns), false AS is_keyed
        )
        \(condition: claimAndProbe(kinds: claimer.kinds))
        """
    }

    /// As `claimQuery`, but of some kinds only, and of no queue more than it has room for. It looks at each kind by
    /// itself: jobs that wait for a vendor or for a hand cost the others nothing, however many they are.
    package static func selectiveClaimQuery(_ limit: Int, of wanted: [Wanted], for claimer: Claimer) -> Query {
        """
        WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now), near AS MATERIALIZED (
            SELECT job.id, job.priority, job.run_at, wanted.queue, wanted.room
            FROM unnest(\(SQLArray(wanted.map(\.kind)))::text[], \(SQLArray(wanted.map(\.queue)))::text[],
                \(SQLArray(wanted.map(\.room)))::integer[]) AS wanted (kind, queue, room)
            CROSS JOIN LATERAL (
                SELECT id, priority, run_at FROM jobs.job
                WHERE state = 'ready' AND conc_key IS NULL AND kind = wanted.kind
                    AND run_at <= (SELECT now FROM moment)
                ORDER BY priority, run_at, id
                LIMIT LEAST(wanted.room, \(limit)::integer)
                FOR UPDATE SKIP LOCKED
            ) AS job
        ), claimed AS (
            UPDATE jobs.job
            SET state = 'running', claims = claims + 1, fence = nextval('jobs.fence'), worker = \(claimer.worker),
                claimed_at = (SELECT now FROM moment),
                lease_until = (SELECT now FROM moment) + make_interval(secs => \(claimer.leaseSeconds))
            WHERE id = ANY(ARRAY(
                SELECT id FROM (
                    SELECT id, priority, run_at, room,
                        row_number() OVER (PARTITION BY queue ORDER BY priority, run_at, id) AS place
                    FROM near
                ) AS ranked
                WHERE place <= room
                ORDER BY priority, run_at, id
                LIMIT \(limit)))
            RETURNING \(condition: claimedColumns), false AS is_keyed
        )
        \(condition: claimAndProbe(kinds: wanted.map(\.kind)))
        """
    }

    private static let claimedColumns: Query =
        """
        id, kind, payload, subject, fence, claims, correlation_id, wrong_count, not_now_count,
            EXTRACT(EPOCH FROM claimed_at - first_not_now_at) AS not_now_seconds, rescues, unique_key,
            EXTRACT(EPOCH FROM claimed_at - run_at) AS waited_seconds
        """

    private static func claimAndProbe(kinds: [String]) -> Query {
        """
        SELECT claimed.*, probe.is_keyed_due, probe.next_due_seconds
        FROM (
            SELECT EXISTS (
                SELECT FROM jobs.job
                WHERE state = 'ready' AND conc_key IS NOT NULL AND run_at <= (SELECT now FROM moment)
                    AND kind = ANY(\(SQLArray(kinds))::text[])
            ) AS is_keyed_due, (
                SELECT EXTRACT(EPOCH FROM run_at - (SELECT now FROM moment)) FROM jobs.job
                WHERE state = 'ready' AND run_at > created_at AND run_at > (SELECT now FROM moment)
                ORDER BY run_at LIMIT 1
            ) AS next_due_seconds
        ) AS probe LEFT JOIN claimed ON true
        """
    }

    /// Before a claim in the same flight: for this transaction only.
    package static let limitTime: Query =
        "SELECT set_config('statement_timeout', \("\(JobSettings.claimTimeoutSeconds)s"), true)"

    /// One job with a concurrency key, in the lowest free slot of its key. Two workers may pick the same slot: the
    /// unique index lets one through and the other is told nil, as if there had been nothing. Keys whose slots are all
    /// taken are passed over, so a long line behind one key does not hold up the others.
    static func claimKeyed(
        of kinds: [String], for claimer: Claimer, in database: Database
    ) async throws -> ClaimedJob? {
        do {
            let rows = try await database.query(keyedClaimQuery(of: kinds, for: claimer))
            return try rows.first.map(ClaimedJob.init(row:))
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            return nil
        }
    }

    package static func keyedClaimQuery(of kinds: [String], for claimer: Claimer) -> Query {
        """
        WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now), picked AS MATERIALIZED (
            SELECT job.id, free.slot
            FROM jobs.job AS job
            CROSS JOIN LATERAL (
                SELECT slot FROM generate_series(1, job.conc_limit) AS slot
                WHERE NOT EXISTS (
                    SELECT FROM jobs.job AS running
                    WHERE running.conc_key = job.conc_key AND running.conc_slot = slot
                        AND running.conc_key IS NOT NULL AND running.state = 'running')
                ORDER BY slot LIMIT 1
            ) AS free
            WHERE job.state = 'ready' AND job.conc_key IS NOT NULL AND job.run_at <= (SELECT now FROM moment)
                AND job.kind = ANY(\(SQLArray(kinds))::text[])
            ORDER BY job.priority, job.run_at, job.id
            LIMIT 1
            FOR UPDATE OF job SKIP LOCKED
        )
        UPDATE jobs.job
        SET state = 'running', claims = claims + 1, fence = nextval('jobs.fence'), worker = \(claimer.worker),
            claimed_at = (SELECT now FROM moment), conc_slot = (SELECT slot FROM picked),
            lease_until = (SELECT now FROM moment) + make_interval(secs => \(claimer.leaseSeconds))
        WHERE id = (SELECT id FROM picked)
        RETURNING \(condition: claimedColumns), true AS is_keyed
        """
    }
}
