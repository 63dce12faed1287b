import Postgres

/// How statements ask for the jobs that wait, so that the history stays unread.
///
/// Two partial indexes hold them, cut by whether a job has a key (`job_ready`, `job_ready_keyed`). PostgreSQL uses an
/// index of that kind only where the statement itself says its condition, so both halves are named; `ClaimPlanTests`
/// holds it to that.
enum ReadyJobs {
    static let condition: Query = "(state = 'ready' AND conc_key IS NULL OR state = 'ready' AND conc_key IS NOT NULL)"
}
