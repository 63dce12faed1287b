/// What may be spent on drawer plates.
package struct GridFlockLimits: Hashable, Sendable {
    /// Longest making of one design's files.
    package var generationSeconds = 120.0
    /// Designs one process makes at a time.
    package var concurrency = 1
    /// Files that nobody asked for in so long are thrown away.
    package var unusedDays = 90
    /// Together they may take so much; the least used go first.
    package var cacheBytes = 2_147_483_648
    /// Requests from the storefront in a minute.
    package var storefrontPerClientPerMinute = 60
    package var storefrontPerMinute = 6_000

    package init() {}

    /// All files of one design together; a single one is held to the artefacts' own limit.
    static let designBytesMaximum = 256 * 1024 * 1024
    /// Between two looks for files to throw away.
    static let evictionSeconds = 3_600.0
    /// Files, and bytes, that one transaction throws away: it ends well before the database's own limit of a statement.
    static let evictionBatch = 50
    static let evictionBytes = 128 * 1024 * 1024
    /// Runs of one job after which a design that is not made in time is given up.
    static let slowRunsMaximum = 3
    /// Before the job's own end, so that a run that takes too long says so itself.
    static let deadlineReserve = Duration.seconds(5)
}
