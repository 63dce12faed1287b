/// A rule that a simulation leaves out on purpose, to prove that its invariants would notice.
package enum BrokenRule: String, CaseIterable, Sendable {
    /// A completion is taken whatever its fence.
    case fenceUnchecked = "fence-unchecked"
    /// What may have been sent is sent again without a look.
    case resentBlindly = "resent-blindly"
    /// The vendor is asked before it can no longer hide what it did.
    case lookedUpTooEarly = "looked-up-too-early"
    /// "All parts done" counts the words that say so.
    case countedInsteadOfSet = "counted-instead-of-set"
    /// State is committed first, events and jobs after it.
    case eventsAfterCommit = "events-after-commit"
    /// The payload that comes last holds.
    case lastPayloadHolds = "last-payload-holds"
    /// What is said of a print counts for every attempt of it.
    case attemptsIgnored = "attempts-ignored"
    /// A process that was frozen sends without seeing whether its lease still holds.
    case leaseUncheckedBeforeSend = "lease-unchecked-before-send"
}
