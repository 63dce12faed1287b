package import Jobs
import Kernel
package import SimplyPrint

/// One queue item taken off SimplyPrint's queue. Deleting twice does no harm; the intent shows what is under way and
/// what is not known, and that an item whose print has begun stays: it belongs to the farm then.
package struct QueueItemRemoval: EffectVendor {
    package static let kind = "simplyprint.queue-item-removal"
    /// What is not there has no reference.
    package static let isFoundByReference = false
    package static let canBeTooMany = false

    package struct Request: Codable, Hashable, Sendable {
        package let queueItemID: Int64

        package init(queueItemID: Int64) {
            self.queueItemID = queueItemID
        }
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package enum Outcome: String, Codable, Hashable, Sendable {
            case removed
            /// Its print has begun, or is over: nothing was taken back.
            case started
        }

        package let queueItemID: Int64
        package let outcome: Outcome

        package init(queueItemID: Int64, outcome: Outcome) {
            self.queueItemID = queueItemID
            self.outcome = outcome
        }
    }

    private let client: SimplyPrintClient
    package let callTimeoutSeconds: Double

    package init(client: SimplyPrintClient, callTimeoutSeconds: Double) {
        self.client = client
        self.callTimeoutSeconds = callTimeoutSeconds
    }

    /// `<print job>-<attempt>-removal-<item>`; the attempt is the one that needs the item gone.
    package static func reference(of attempt: String, item: Int64) -> String { "\(attempt)-removal-\(item)" }

    package static func item(in reference: String) -> Int64? {
        reference.split(separator: "-").last.flatMap { Int64($0) }
    }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        let item = request.queueItemID
        do {
            guard try await !waiting(among: [item]).isEmpty else { return try await settled(item, reference) }
        } catch let failure as any RetryClassified {
            throw EffectSendFailure(.notMade, cause: failure)
        }
        do {
            try await client.deleteQueueItem(item)
            return Receipt(queueItemID: item, outcome: .removed)
        } catch let failure as VendorFailure {
            // "Queue item not found": it went between the look and the call.
            let isRefusal = failure.kind == .rejected || failure.kind == .notFound
            if isRefusal, let isWaiting = try? await !waiting(among: [item]).isEmpty, !isWaiting,
                let receipt = try? await settled(item, reference)
            {
                return receipt
            }
            throw EffectSendFailure(failure.mayHaveHappened ? .unknown : .notMade, cause: failure)
        } catch let failure as JobFailure {
            // The shared budget had no call left: nothing went to the wire.
            throw EffectSendFailure(.notMade, cause: failure)
        }
    }

    /// What is to be found is that the item does not wait any more.
    package func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>] {
        let item = request.queueItemID
        guard try await waiting(among: [item]).isEmpty else { return [] }
        return [
            FoundEffect(
                receipt: try await settled(item, reference), vendorID: String(item), isAlive: true, isSameContent: true)
        ]
    }

    package func vendorID(of receipt: Receipt) -> String? { String(receipt.queueItemID) }

    /// An absence cannot be there once too often.
    package func cancel(_ receipt: Receipt, reference: String) async throws {}

    /// Those of the items that still wait, for a printer or for approval.
    package func waiting(among items: Set<Int64>) async throws -> Set<Int64> {
        func onQueue() async throws -> Set<Int64> {
            items.intersection(try await client.queueItems(includeDone: false).filter { $0.left > 0 }.map(\.id))
        }
        var found = try await onQueue()
        if found.isEmpty { found = items.intersection(try await client.itemsPendingApproval().map(\.id)) }
        // It may have been let onto the queue between the two looks.
        if found.isEmpty { found = try await onQueue() }
        return found
    }

    /// How an item ended that does not wait.
    private func settled(_ item: Int64, _ reference: String) async throws -> Receipt {
        let history = try await client.history(sinceAttemptOf: reference)
        let isStarted = history.jobs.contains {
            $0.queueItemID == item && [.ongoing, .finished].contains($0.status)
        }
        guard isStarted || history.isComplete else { throw FarmHistory.tooLong }
        return Receipt(queueItemID: item, outcome: isStarted ? .started : .removed)
    }
}
