/// A row was written by somebody else since it was read: what was decided on the older one is thrown away and decided
/// anew. Every whole-row write of a module asks for the version it read.
package struct StaleWrite: RetryClassified, Hashable {
    private let subject: String

    /// - Parameter subject: what it was about, in the operator's words: no personal data.
    package init(_ subject: String) {
        self.subject = subject
    }

    package var retryVerdict: RetryVerdict { .notNow(retryAfterSeconds: 0) }
    package var operatorMessage: String { "The \(subject) was changed in this moment; it is read again." }
}
