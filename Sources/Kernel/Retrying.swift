/// What a failed attempt costs (ADR-021 and DESIGN §3.2).
package enum RetryVerdict: Hashable, Sendable {
    /// The far side could not take it now (unreachable, 429, 5xx, time-out before sending). Spends time, at most 24 h.
    case notNow(retryAfterSeconds: Double?)
    /// The answer says something is wrong. Spends one of the five tries.
    case wrong
    /// Trying again cannot help (rejected fields). The job is dead at once and waits for an operator.
    case rejected
}

/// An error that knows what trying again would do. Anything else counts as `wrong`.
package protocol RetryClassified: Error {
    var retryVerdict: RetryVerdict { get }
    /// A sentence for the operator: no personal data, no secrets.
    var operatorMessage: String { get }
}
