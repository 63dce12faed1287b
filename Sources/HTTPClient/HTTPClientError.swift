/// An exchange that gave no complete answer.
package struct HTTPClientError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case invalidURL
        case unresolved
        case refused
        case tls
        case timedOut
        case brokenLink
        case responseTooLarge
        /// It waited on this side, for others' answers, too long to get one of its own.
        case crowded
        case cancelled
        case closed
    }

    package let kind: Kind
    /// False only when not one byte of the request can have reached the far side.
    package let mayHaveBeenSent: Bool
    package let detail: String

    package init(kind: Kind, mayHaveBeenSent: Bool, detail: String) {
        self.kind = kind
        self.mayHaveBeenSent = mayHaveBeenSent
        self.detail = detail
    }
}
