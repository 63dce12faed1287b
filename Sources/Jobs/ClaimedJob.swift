import Kernel
import Postgres

/// A job in hand with what the queue itself needs to know about it.
struct ClaimedJob: Sendable {
    var job: Job
    let history: RetryPolicy.History
    let rescues: Int
    let uniqueKey: String?
    let isKeyed: Bool
    /// Between being due and being claimed.
    let waitedSeconds: Double

    init(row: Row) throws {
        job = Job(
            id: try row("id"), kind: JobKind(try row("kind")), payload: try row("payload"),
            subject: try row.optional("subject"), fence: try row("fence"), claims: try row("claims"),
            // A text that is no correlation id must not keep the whole batch from being claimed.
            correlationID: CorrelationID(try row("correlation_id", as: String.self)) ?? .make(.system))
        history = RetryPolicy.History(
            wrongCount: try row("wrong_count"), notNowCount: try row("not_now_count"),
            notNowSeconds: try row.optional("not_now_seconds"))
        rescues = try row("rescues")
        uniqueKey = try row.optional("unique_key")
        isKeyed = try row("is_keyed")
        waitedSeconds = try row("waited_seconds")
    }
}
