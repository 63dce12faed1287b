import Jobs
import Kernel
import Postgres
import Synchronization

/// A vendor that keeps nothing anybody could look up: what it delivered is all there is to count.
final class FakePost: OnceOnlyVendor {
    struct Request: Codable, Sendable, Hashable {
        var to: String
    }

    struct Receipt: Codable, Sendable, Hashable {
        var queueID: String
    }

    /// What the next send does.
    enum Answer: Sendable {
        case delivered
        /// It may be delivered or not; the answer is lost.
        case lost(isDelivered: Bool)
        /// Certainly not delivered.
        case notMade(RetryVerdict)
    }

    static let kind = "fake.post"
    let callTimeoutSeconds = 0.05
    private let state: Mutex<State>

    struct State: Sendable {
        var answers: [Answer]
        var sends = 0
        var delivered = 0
    }

    init(_ answers: [Answer] = []) {
        state = Mutex(State(answers: answers))
    }

    var now: State { state.withLock { $0 } }

    func send(_ request: Request, reference: String) async throws -> Receipt {
        TransactionScope.requireClosed(for: "FakePost.send")
        return try state.withLock { state in
            state.sends += 1
            switch state.answers.isEmpty ? .delivered : state.answers.removeFirst() {
            case .delivered:
                state.delivered += 1
                return Receipt(queueID: "Q\(state.sends)")
            case .lost(let isDelivered):
                if isDelivered { state.delivered += 1 }
                throw EffectSendFailure(.unknown, cause: Refusal(retryVerdict: .wrong, operatorMessage: "no answer"))
            case .notMade(let verdict):
                throw EffectSendFailure(.notMade, cause: Refusal(retryVerdict: verdict))
            }
        }
    }
}
