/// Statements that travel together in libpq's pipeline mode: sent one behind the other with a single Sync at their end,
/// answered in the same order. Knows what was sent and what came back, without any connection.
struct Flight {
    /// What is to fly.
    struct Plan: Sendable {
        let queries: [Query]
        let parameters: [BoundParameters]
        /// `BEGIN …`, sent first; nil inside a transaction or where the Sync is to commit.
        var opening: String?
        let endsWithCommit: Bool

        /// Before anything is sent: a value that cannot be sent must not leave half a flight on the way.
        init(_ queries: [Query], endsWithCommit: Bool = false) throws(PostgresError) {
            self.queries = queries
            self.endsWithCommit = endsWithCommit
            parameters = try queries.enumerated().map { index, query throws(PostgresError) in
                do throws(PostgresError) {
                    return try BoundParameters(query.binds)
                } catch {
                    throw error.at(statement: index)
                }
            }
        }
    }

    /// One answer that is waited for.
    enum Step {
        case opening
        /// Of what the statement cache no longer knows; owed to the server when it was skipped.
        case deallocation(name: String)
        /// The statement cache counts on this text from here on; taken back when it fails or was skipped.
        case preparation(key: String, name: String)
        case statement(Int)
        case commit
    }

    struct Failure {
        let error: PostgresError
        /// The server said it while it went on working: nothing of this flight was kept.
        let isServerAlive: Bool
    }

    /// Without BEGIN and outside a transaction the Sync itself commits.
    let commits: Bool
    private(set) var results: [StatementResult] = []
    private(set) var failure: Failure?
    /// Every byte up to the Sync is with the kernel: from now on the server may commit, even without a COMMIT.
    var isSyncSent = false
    /// The server runs a COMMIT as soon as it has it, whether the Sync behind it comes or not, and how much of its
    /// buffer libpq has written is nobody's to know.
    private(set) var isCommitHandedOver = false
    private(set) var isOver = false
    private(set) var isCommitConfirmed = false
    /// Texts that were to be prepared and are not.
    private(set) var unpreparedKeys: [String] = []
    /// Statements the server was to drop and still has.
    private(set) var owedDeallocations: [String] = []

    private var unpreparedNames: Set<String> = []
    private var steps: [Step] = []
    private var answered = 0
    private var hasAnswer = false

    init(commits: Bool, capacity: Int) {
        self.commits = commits
        results.reserveCapacity(capacity)
    }

    /// Nobody knows whether it was committed, should the link break now.
    var mayHaveCommitted: Bool {
        commits && (isSyncSent || isCommitHandedOver) && !isCommitConfirmed && !(failure?.isServerAlive ?? false)
    }

    /// The step whose answer comes next; nil when it is the Sync's.
    private var current: Step? { answered < steps.count ? steps[answered] : nil }

    /// The statement whose answer comes next, by its place in the flight.
    var currentStatement: Int? {
        guard case .statement(let index)? = current else { return nil }
        return index
    }

    /// Something was sent whose answer has not come.
    var isAwaiting: Bool { !isOver && (answered < steps.count || isSyncSent) }

    /// To be said before the bytes are given to libpq, which may write some and fail.
    mutating func sent(_ step: Step) {
        steps.append(step)
        if case .commit = step { isCommitHandedOver = true }
    }

    /// The current step's answer.
    mutating func succeeded(_ result: StatementResult) {
        hasAnswer = true
        switch current {
        case .statement?: results.append(result)
        case .commit?:
            let tag = result.tag
            if tag == "COMMIT" {
                isCommitConfirmed = true
            } else {
                fail(PostgresError(kind: .server, sqlState: "25P02", message: "COMMIT answered \(tag)"), true)
            }
        case .opening?, .deallocation?, .preparation?, nil: break
        }
    }

    mutating func failed(_ error: PostgresError, isServerAlive: Bool) {
        hasAnswer = true
        fail(error, isServerAlive)
        // A DEALLOCATE fails because there is no such statement: nothing is owed.
        if case .preparation? = current { skipped() }
    }

    /// Not run, because an earlier one failed.
    mutating func skipped() {
        hasAnswer = true
        switch current {
        case .preparation(let key, let name)?:
            unpreparedKeys.append(key)
            unpreparedNames.insert(name)
        case .deallocation(let name)? where !unpreparedNames.contains(name): owedDeallocations.append(name)
        default: break
        }
    }

    /// libpq has no more for the current step.
    /// - Returns: false when there had been no answer at all, which only a broken link explains.
    mutating func finishStep() -> Bool {
        guard hasAnswer, answered < steps.count else { return answered == steps.count }
        hasAnswer = false
        answered += 1
        return true
    }

    mutating func synced() {
        isOver = true
        if failure == nil { isCommitConfirmed = commits }
    }

    private mutating func fail(_ error: PostgresError, _ isServerAlive: Bool) {
        if failure == nil { failure = Failure(error: error, isServerAlive: isServerAlive) }
    }
}
