package import GridGeometry
import Metrics
import Synchronization

/// The rate in force: read from the database now and then, and kept in between, so that a quote needs no query. While
/// the database cannot tell, what it told last is in force.
package final class MinuteRates: Sendable {
    package typealias Load = @Sendable () async throws -> [PrintRate.Slice]

    private struct State: Sendable {
        var rate: MinuteRate
        var isFreshUntil: ContinuousClock.Instant?
        var isLoading = false
        /// Raised when a slice was recorded: what was read before says nothing any more.
        var revision = 0
    }

    private let estimate: PrintRate
    private let load: Load
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// Other servers hear of a slice after so long.
    package static let fresh = Duration.seconds(60)
    /// A quote that finds the database slow goes on with the rate of before.
    private static let patience = Duration.milliseconds(500)

    package init(
        estimate: PrintRate, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        load: @escaping Load
    ) {
        self.estimate = estimate
        self.load = load
        self.now = now
        state = Mutex(State(rate: MinuteRate(estimate: estimate)))
    }

    /// One caller in a while waits for the database; the others have what is known.
    package func current() async -> MinuteRate {
        let moment = now()
        let begun = state.withLock { state -> Int? in
            guard !state.isLoading, state.isFreshUntil.map({ $0 <= moment }) ?? true else { return nil }
            state.isLoading = true
            return state.revision
        }
        guard let begun else { return state.withLock(\.rate) }
        let slices = await patiently()
        if slices == nil { Counter(label: "gridflock_slices_unread_total").increment() }
        return state.withLock { state in
            state.isLoading = false
            if state.revision == begun {
                if let slices { state.rate = MinuteRate(estimate: estimate, slices: slices) }
                state.isFreshUntil = moment + Self.fresh
            }
            return state.rate
        }
    }

    /// The next quote reads it again.
    package func renew() {
        state.withLock { state in
            state.isFreshUntil = nil
            state.revision += 1
        }
    }

    /// - Returns: nil when the database failed or was slow.
    private func patiently() async -> [PrintRate.Slice]? {
        let load = load
        return await withTaskGroup(of: [PrintRate.Slice]?.self) { group in
            group.addTask { try? await load() }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
