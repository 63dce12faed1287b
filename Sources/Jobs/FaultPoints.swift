import Synchronization

/// Named places where a test lets the process die, freeze, fail or dawdle: always in the binary, so that what is tested
/// is what ships; armed only by `FORMA3D_FAULTS`, which production refuses (DESIGN §5, ADR-051).
package struct FaultPoints: Sendable {
    package enum Point: String, Hashable, Sendable, CaseIterable {
        /// In the transaction that commits `sent`, right before its commit.
        case beforeIntentCommit = "before-intent-commit"
        case afterIntentCommit = "after-intent-commit"
        /// Between the check of the lease and the wire: what no check of ours can cover.
        case beforeSend = "before-send"
        /// The vendor has answered, nothing is written down.
        case afterSend = "after-send"
        case beforeCompletionCommit = "before-completion-commit"
        case afterCompletionCommit = "after-completion-commit"
        case beforeClaim = "before-claim"
        /// The claim is committed, the process does not know what it has.
        case afterClaim = "after-claim"
        case beforeWebhookCommit = "before-webhook-commit"
        /// The webhook is stored, its sender has no answer.
        case afterWebhookCommit = "after-webhook-commit"
        case beforeHeartbeat = "before-heartbeat"

        /// Reached by one effect or job, so that a fault can be kept to a kind.
        var hasKind: Bool {
            switch self {
            case .beforeIntentCommit, .afterIntentCommit, .beforeSend, .afterSend, .beforeCompletionCommit,
                .afterCompletionCommit, .afterClaim:
                true
            case .beforeClaim, .beforeWebhookCommit, .afterWebhookCommit, .beforeHeartbeat: false
            }
        }
    }

    /// The largest seed an operator may give.
    package static let seedMaximum = 999_999_999

    /// Nothing is armed.
    package static let none = FaultPoints(action: nil, performing: nil)

    private let action: (@Sendable (Point, [String]) async throws -> Void)?
    private let performing: EffectsUnderWay?

    /// For tests in the same process: what happens at each point.
    package init(_ action: @escaping @Sendable (Point) async throws -> Void) {
        self.init(action: { point, _ in try await action(point) }, performing: nil)
    }

    private init(
        action: (@Sendable (Point, [String]) async throws -> Void)?, performing: EffectsUnderWay?
    ) {
        self.action = action
        self.performing = performing
    }

    /// Reads a list like `after-send/shopify.fulfilment:kill*1,before-send:delay-500%20`; empty text arms nothing.
    ///
    /// An entry is `point[/kind]:action[*times][%probability]`. The kind is an effect's or a job's; the actions are
    /// `kill`, `freeze-<milliseconds>`, `drop` and `delay-<milliseconds>`; *times* counts from the start of the
    /// process, the probability is in percent. Entries for one point act one after the other.
    /// - Parameter seed: what the probabilities are drawn from; nil draws one.
    /// - Throws: `FaultRule.Unreadable`.
    package init(parsing text: String, seed: UInt64? = nil) throws {
        let rules = try FaultRule.list(text)
        guard !rules.isEmpty else {
            self = .none
            return
        }
        let dice = FaultDice(rules, seed: seed ?? .random(in: .min ... .max))
        self.init(
            action: { point, kinds in
                for action in dice.actions(at: point, kinds: kinds) { try await action.take(at: point) }
            }, performing: EffectsUnderWay())
    }

    /// - Parameter kinds: of the effect or job that reaches it.
    /// - Throws: `DroppedAtFaultPoint`, where one is armed to; `CancellationError` from a delay.
    package func reach(_ point: Point, kinds: @autoclosure () -> [String] = []) async throws {
        guard let action else { return }
        try await action(point, kinds())
    }

    /// A completion is the job's, but a fault may be meant for the effect it made.
    func reach(_ point: Point, completing job: Job) async throws {
        guard action != nil else { return }
        let effect = performing?.effect(of: job.fence, isLast: point == .afterCompletionCommit)
        try await reach(point, kinds: [job.kind.name] + (effect.map { [$0] } ?? []))
    }

    /// The run of that fence makes an effect of this kind.
    func performs(_ kind: String, fence: Int64) {
        performing?.note(kind, fence: fence)
    }
}

/// What a run makes, while faults are armed: its completion does not know.
private final class EffectsUnderWay: Sendable {
    private let kinds = Mutex<[Int64: String]>([:])

    func note(_ kind: String, fence: Int64) { kinds.withLock { $0[fence] = kind } }

    func effect(of fence: Int64, isLast: Bool) -> String? {
        kinds.withLock { isLast ? $0.removeValue(forKey: fence) : $0[fence] }
    }
}

/// Which rules act: how often each did is counted from the start of the process.
private final class FaultDice: Sendable {
    private struct State {
        var timesLeft: [Int?]
        var random: UInt64
    }

    private let rules: [FaultRule]
    private let state: Mutex<State>

    init(_ rules: [FaultRule], seed: UInt64) {
        self.rules = rules
        state = Mutex(State(timesLeft: rules.map(\.times), random: seed))
    }

    func actions(at point: FaultPoints.Point, kinds: [String]) -> [FaultRule.Action] {
        state.withLock { state in
            rules.indices.compactMap { index in
                guard rules[index].matches(point, kinds), state.timesLeft[index] != 0 else { return nil }
                if let percent = rules[index].percent, Self.percent(&state.random) >= percent { return nil }
                if let left = state.timesLeft[index] { state.timesLeft[index] = left - 1 }
                return rules[index].action
            }
        }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
    private static func percent(_ state: inout UInt64) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) / Double(1 << 53) * 100
    }
}
