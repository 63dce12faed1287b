package import GridGeometry
import Metrics
import Synchronization

/// The rate in force: read from the database now and then, and kept in between, so that a quote needs no query. While
/// the database cannot tell, what it told last is in force.
package final class MinuteRates: Sendable {
    package typealias Load = @Sendable () async throws -> [PrintRate.Slice]

    private enum Outcome: Sendable {
        case read([PrintRate.Slice])
        /// The database failed or was slow.
        case unread
        /// Somebody wanted it no more, which says nothing of the database.
        case cancelled
    }

    /// A question to the database on its way, owned by the rates and not by whoever asked first: a customer who goes away
    /// takes nothing from those who wait for the same answer. It ends when patience does.
    private struct Loading: Sendable {
        let revision: Int
        let task: Task<Void, Never>
    }

    private struct State: Sendable {
        var rate: MinuteRate
        var isFreshUntil: ContinuousClock.Instant?
        var loading: Loading?
        /// Raised when a slice was recorded: what was read before says nothing any more.
        var revision = 0
        /// The last one that the database was asked for to the end, whether it could tell or not.
        var askedRevision: Int?
    }

    private let estimate: PrintRate
    private let load: Load
    private let now: @Sendable () -> ContinuousClock.Instant
    private let patience: Duration
    private let state: Mutex<State>

    /// Other servers hear of a slice after so long.
    package static let fresh = Duration.seconds(60)
    /// A database that failed is asked again after so long, and not by every quote.
    package static let rest = Duration.seconds(5)

    /// - Parameter patience: a quote that finds the database slow goes on with the rate of before.
    package init(
        estimate: PrintRate, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        patience: Duration = .milliseconds(500), load: @escaping Load
    ) {
        self.estimate = estimate
        self.load = load
        self.now = now
        self.patience = patience
        state = Mutex(State(rate: MinuteRate(estimate: estimate)))
    }

    /// One question to the database at a time. Whoever finds it on its way goes on with a rate that merely is older, and
    /// waits for the answer where nobody had one yet, or a slice was recorded since.
    package func current() async -> MinuteRate {
        let moment = now()
        let awaited = state.withLock { state -> Task<Void, Never>? in
            if let loading = state.loading, loading.revision == state.revision {
                return state.askedRevision == state.revision ? nil : loading.task
            }
            guard state.isFreshUntil.map({ $0 <= moment }) ?? true else { return nil }
            let revision = state.revision
            let task = Task { await self.renewed(revision) }
            state.loading = Loading(revision: revision, task: task)
            return task
        }
        await awaited?.value
        return state.withLock(\.rate)
    }

    /// The next quote reads it again.
    package func renew() {
        state.withLock { state in
            state.isFreshUntil = nil
            state.revision += 1
        }
    }

    private func renewed(_ revision: Int) async {
        let outcome = await outcome()
        if case .unread = outcome { Counter(label: "gridflock_slices_unread_total").increment() }
        let moment = now()
        state.withLock { state in
            // A slice was recorded meanwhile: another question is on its way, or will be.
            guard state.revision == revision else { return }
            state.loading = nil
            switch outcome {
            case .read(let slices):
                state.rate = MinuteRate(estimate: estimate, slices: slices)
                (state.askedRevision, state.isFreshUntil) = (revision, moment + Self.fresh)
            case .unread: (state.askedRevision, state.isFreshUntil) = (revision, moment + Self.rest)
            case .cancelled: break
            }
        }
    }

    private func outcome() async -> Outcome {
        let (load, patience) = (load, patience)
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do {
                    return .read(try await load())
                } catch is CancellationError {
                    return .cancelled
                } catch {
                    return .unread
                }
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return .unread
            }
            defer { group.cancelAll() }
            return await group.next() ?? .unread
        }
    }
}
