import Jobs
import Kernel
import Synchronization

/// A vendor in memory that can lose answers, apply requests late, hide what it did, and refuse.
final class FakeVendor: EffectVendor {
    struct Request: Codable, Sendable, Hashable {
        var content: String
    }

    struct Receipt: Codable, Sendable, Hashable {
        var id: String
    }

    struct Item: Sendable, Hashable {
        let id: String
        let reference: String
        var content: String
        var isAlive = true
        var isHidden = false
    }

    /// What the next send does.
    enum Answer: Sendable {
        case made
        /// The request never arrives and we cannot know.
        case lostBefore
        /// It is made and the answer is lost.
        case lostAfter
        /// Something else is made under our reference and the answer is lost.
        case lostChanged
        /// It is made later, by `applyLate()`; the answer never comes.
        case late
        case notMade(RetryVerdict)
    }

    struct State: Sendable {
        var items: [Item] = []
        var answers: [Answer] = []
        var late: [(Request, String)] = []
        var sends = 0
        var lookUps = 0
        var lookUpFailures = 0
        var cancelled: [String] = []
        var nextID = 100
    }

    static let kind = "fake.thing"
    /// On the wire, after every check of ours: runs before the next request takes effect.
    /// After the last look of the sender, before the client's.
    let beforeWire: (@Sendable () async -> Void)?
    let onWire: (@Sendable () async -> Void)?
    let callTimeoutSeconds: Double
    private let state = Mutex(State())

    init(
        _ answers: [Answer] = [], callTimeoutSeconds: Double = 0.05,
        beforeWire: (@Sendable () async -> Void)? = nil, onWire: (@Sendable () async -> Void)? = nil
    ) {
        self.beforeWire = beforeWire
        self.onWire = onWire
        self.callTimeoutSeconds = callTimeoutSeconds
        state.withLock { $0.answers = answers }
    }

    var now: State { state.withLock { $0 } }
    var alive: [Item] { now.items.filter(\.isAlive) }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// What is still on its way arrives.
    func applyLate() {
        state.withLock { state in
            for (request, reference) in state.late { Self.make(request, reference, in: &state) }
            state.late = []
        }
    }

    func send(_ request: Request, reference: String) async throws -> Receipt {
        TransactionScope.requireClosed(for: "FakeVendor.send")
        await beforeWire?()
        // As a real client does where its bytes go out.
        if let latest = CallDeadline.latest, latest <= .now {
            throw EffectSendFailure(.notMade, cause: Refusal(retryVerdict: .notNow(retryAfterSeconds: nil)))
        }
        await onWire?()
        return try state.withLock { state in
            state.sends += 1
            switch state.answers.isEmpty ? .made : state.answers.removeFirst() {
            case .made:
                return Receipt(id: Self.make(request, reference, in: &state))
            case .lostBefore:
                throw EffectSendFailure(.unknown, cause: Refusal(retryVerdict: .notNow(retryAfterSeconds: nil)))
            case .lostAfter:
                Self.make(request, reference, in: &state)
                throw EffectSendFailure(.unknown, cause: Refusal(retryVerdict: .wrong, operatorMessage: "no answer"))
            case .lostChanged:
                Self.make(Request(content: "not \(request.content)"), reference, in: &state)
                throw EffectSendFailure(.unknown, cause: Refusal(retryVerdict: .wrong, operatorMessage: "no answer"))
            case .late:
                state.late.append((request, reference))
                throw EffectSendFailure(.unknown, cause: Refusal(retryVerdict: .notNow(retryAfterSeconds: nil)))
            case .notMade(let verdict):
                throw EffectSendFailure(.notMade, cause: Refusal(retryVerdict: verdict))
            }
        }
    }

    func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>] {
        TransactionScope.requireClosed(for: "FakeVendor.lookUp")
        return try state.withLock { state in
            state.lookUps += 1
            if state.lookUpFailures > 0 {
                state.lookUpFailures -= 1
                throw Refusal(retryVerdict: .rejected, operatorMessage: "no look")
            }
            return state.items.filter { $0.reference == reference && !$0.isHidden }.reversed().map { item in
                FoundEffect(
                    receipt: Receipt(id: item.id), vendorID: item.id, isAlive: item.isAlive,
                    isSameContent: item.content == request.content)
            }
        }
    }

    func cancel(_ receipt: Receipt, reference: String) async throws {
        TransactionScope.requireClosed(for: "FakeVendor.cancel")
        state.withLock { state in
            state.cancelled.append(receipt.id)
            for index in state.items.indices where state.items[index].id == receipt.id {
                state.items[index].isAlive = false
            }
        }
    }

    @discardableResult
    private static func make(_ request: Request, _ reference: String, in state: inout State) -> String {
        let id = String(state.nextID)
        state.nextID += 1
        state.items.append(Item(id: id, reference: reference, content: request.content))
        return id
    }
}
