import Postgres
import Synchronization

/// Joins the webhooks that come while commits are under way into one transaction (DESIGN §4): a commit costs the disk
/// the same for one as for sixty.
///
/// Nobody waits for company. Whoever finds fewer than `flightsMaximum` commits under way begins one at once, with what
/// waits; when it is done, the first of those who came meanwhile begins the next, in its own task.
final class WebhookGathering: Sendable {
    /// Two: while one waits for the disk, the other is executed.
    static let flightsMaximum = 2
    /// Rows of one transaction; more would make the last of them wait too long.
    static let deliveriesPerFlightMaximum = 32
    /// Beyond it the sender is told to come again: what waits here holds its body in memory.
    static let waitingMaximum = 1_024

    typealias Delivery = WebhookStorage.Delivery
    /// Stores all of them in one transaction; which of them were new, in their order.
    typealias Commit = @Sendable ([Delivery]) async throws -> [Bool]

    private enum Verdict: Sendable {
        case stored(isNew: Bool)
        case failed(any Error)
        /// The company was bad for it, perhaps: it is to try by itself.
        case alone
        case lead([Waiter])
    }

    private struct Waiter: Sendable {
        let delivery: Delivery
        let continuation: CheckedContinuation<Verdict, Never>
    }

    private struct State {
        var flights = 0
        var waiting: [Waiter] = []
    }

    private let state = Mutex(State())
    private let commit: Commit

    init(commit: @escaping Commit) {
        self.commit = commit
    }

    /// How many wait for the next commit.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Stores the delivery, in whatever company. False: it was here before.
    /// - Throws: what `commit` throws; `PostgresError` `poolExhausted` when too many wait.
    func store(_ delivery: Delivery) async throws -> Bool {
        let begins = state.withLock { state in
            guard state.flights < Self.flightsMaximum else { return false }
            state.flights += 1
            return true
        }
        if begins { return try await lead(delivery, followers: []) }
        switch await verdict(on: delivery) {
        case .stored(let isNew): return isNew
        case .failed(let error): throw error
        case .alone: return try await commit([delivery]).first ?? false
        case .lead(let followers): return try await lead(delivery, followers: followers)
        }
    }

    private func verdict(on delivery: Delivery) async -> Verdict {
        await withCheckedContinuation { continuation in
            let atOnce = state.withLock { state -> Verdict? in
                // The last commit may have ended since we looked.
                if state.flights < Self.flightsMaximum {
                    state.flights += 1
                    return .lead([])
                }
                guard state.waiting.count < Self.waitingMaximum else {
                    return .failed(PostgresError(kind: .poolExhausted, message: "too many webhooks wait"))
                }
                state.waiting.append(Waiter(delivery: delivery, continuation: continuation))
                return nil
            }
            if let atOnce { continuation.resume(returning: atOnce) }
        }
    }

    private func lead(_ delivery: Delivery, followers: [Waiter]) async throws -> Bool {
        let outcome: Result<[Bool], any Error>
        do {
            outcome = .success(try await commit([delivery] + followers.map(\.delivery)))
        } catch {
            outcome = .failure(error)
        }
        passOn()
        switch outcome {
        case .success(let areNew):
            for (follower, isNew) in zip(followers, areNew.dropFirst()) {
                follower.continuation.resume(returning: .stored(isNew: isNew))
            }
            return areNew.first ?? false
        case .failure(let error):
            let concernsAll = Self.concernsAll(error)
            for follower in followers {
                follower.continuation.resume(returning: concernsAll ? .failed(error) : .alone)
            }
            guard !concernsAll, !followers.isEmpty, !Task.isCancelled else { throw error }
            return try await commit([delivery]).first ?? false
        }
    }

    /// The commit is over: the first who waits leads the next one.
    private func passOn() {
        let next = state.withLock { state -> [Waiter] in
            guard !state.waiting.isEmpty else {
                state.flights -= 1
                return []
            }
            let count = min(state.waiting.count, Self.deliveriesPerFlightMaximum)
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting.prefix(count))
        }
        next.first?.continuation.resume(returning: .lead(Array(next.dropFirst())))
    }

    /// The database is away, or nobody knows what became of the commit: nothing gets better by trying one by one.
    /// What the server refused, or a task of one sender that was cancelled, is no business of the others.
    private static func concernsAll(_ error: any Error) -> Bool {
        if error is CancellationError { return false }
        return (error as? PostgresError)?.kind != .server
    }
}
