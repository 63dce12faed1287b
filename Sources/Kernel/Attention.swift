package import FoundationEssentials

/// Something an operator has to look at: what, why, since when and what to do about it.
package struct Attention: Codable, Hashable, Sendable {
    /// A stable word for programs, `line-unmapped`.
    package let code: String
    package let reason: String
    package let since: Date
    /// What to do, in a sentence.
    package let action: String

    package init(code: String, reason: String, since: Date, action: String) {
        self.code = code
        self.reason = reason
        self.since = since
        self.action = action
    }
}
