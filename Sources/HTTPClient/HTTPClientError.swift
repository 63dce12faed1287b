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
        /// Held up on this side until its time was over, or most of it: by others' answers, or because the process stood
        /// still.
        case heldUp
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
