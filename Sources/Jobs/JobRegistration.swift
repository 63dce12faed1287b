package import Postgres

/// A kind of job and who does it.
package struct JobRegistration: Sendable {
    package let kind: JobKind
    /// Longest one run may take before it is cancelled.
    package let timeoutSeconds: Double
    /// Whose hands it needs: the part of the kind before the dot unless said otherwise.
    package let queue: String
    /// Whose circuit pauses it, `shopify`: the vendor its handler calls.
    package let vendor: String?
    package let category: JobCategory?
    package let handle: JobHandler
    /// Runs in the transaction that makes a job of this kind a dead letter: lets the module show it on its own rows.
    package let onDeadLetter: (@Sendable (Job, _ reason: String, Transaction) async throws -> Void)?

    package init(
        _ kind: JobKind, timeoutSeconds: Double = 120, queue: String? = nil, vendor: String? = nil,
        category: JobCategory? = nil,
        onDeadLetter: (@Sendable (Job, _ reason: String, Transaction) async throws -> Void)? = nil,
        handle: @escaping JobHandler
    ) {
        self.kind = kind
        self.timeoutSeconds = timeoutSeconds
        self.queue = queue ?? kind.module
        self.vendor = vendor
        self.category = category
        self.onDeadLetter = onDeadLetter
        self.handle = handle
    }
}

/// ADR-021's types of jobs, for the operator's lists and the metrics.
package enum JobCategory: String, Hashable, Sendable, CaseIterable {
    case fulfillment = "FULFILLMENT"
    case printJobCreation = "PRINT_JOB_CREATION"
    case cancellation = "CANCELLATION"
    case notification = "NOTIFICATION"
}

extension JobKind {
    /// `printing` of `printing.submit`.
    var module: String { String(name.prefix { $0 != "." }) }
}
