/// Who did something by hand, and why; kept in the event that says so.
package struct OperatorAct: Hashable, Sendable {
    /// The name of the API key, or `operator`.
    package let by: String
    package let reason: String?

    /// Characters of a reason that are kept.
    package static let reasonMaximum = 500

    package init(by: String, reason: String?) {
        self.by = by
        self.reason = reason.map { String($0.prefix(Self.reasonMaximum)) }
    }
}
