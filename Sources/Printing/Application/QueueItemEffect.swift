package import Jobs
import Kernel
package import SimplyPrint

/// One queue item at SimplyPrint for one attempt: made once, found again by its stamp (DESIGN §3.5).
package struct QueueItemEffect: EffectVendor {
    package static let kind = "simplyprint.queue-item"

    /// What one queue item is made from.
    package struct Request: Codable, Hashable, Sendable {
        package let fileID: String
        /// What a person at the farm reads; ends with the reference.
        package let note: String

        package init(fileID: String, note: String) {
            self.fileID = fileID
            self.note = note
        }
    }

    /// What SimplyPrint gave back.
    package struct Receipt: Codable, Hashable, Sendable {
        package let queueItemID: Int64

        package init(queueItemID: Int64) {
            self.queueItemID = queueItemID
        }
    }

    private let client: SimplyPrintClient
    private let stamp: ReferenceStamp
    /// In a sweep; else every look asks the farm.
    private var snapshot: FarmSnapshot?
    package let callTimeoutSeconds: Double

    package init(client: SimplyPrintClient, stamp: ReferenceStamp, callTimeoutSeconds: Double) {
        self.client = client
        self.stamp = stamp
        self.callTimeoutSeconds = callTimeoutSeconds
    }

    package func forOneSweep() -> Self {
        var copy = self
        copy.snapshot = FarmSnapshot(client: client)
        return copy
    }

    /// Makes what `send` needs known, so that it makes exactly one call.
    package func prepare() async throws {
        _ = try await stamp.customFieldID()
    }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        let field: String?
        do {
            field = try await stamp.customFieldID()
        } catch let failure as any RetryClassified {
            throw EffectSendFailure(.notMade, cause: failure)
        }
        do {
            let added = try await client.addQueueItem(
                NewQueueItem(
                    fileID: request.fileID, amount: 1, note: request.note, customFieldID: field, reference: reference))
            return Receipt(queueItemID: added.queueItemID)
        } catch let failure as VendorFailure {
            throw EffectSendFailure(failure.mayHaveHappened ? .unknown : .notMade, cause: failure)
        } catch let failure as JobFailure {
            // The shared budget had no call left: nothing went to the wire.
            throw EffectSendFailure(.notMade, cause: failure)
        }
    }

    /// Looks in every place SimplyPrint may keep it: queue, done items, approval, history (contracts §1.2).
    package func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>] {
        let field = try await stamp.customFieldID()
        var found: [Int64: Bool] = [:]
        func note(_ item: QueueItem) {
            guard ReferenceStamp.reference(in: item.customFields, note: item.note, fieldID: field) == reference else {
                return
            }
            found[item.id] = (found[item.id] ?? true) && (item.fileID == nil || item.fileID == request.fileID)
        }
        let snapshot = snapshot ?? FarmSnapshot(client: client)
        for item in try await snapshot.items() { note(item) }
        let history = try await snapshot.history(sinceAttemptOf: reference)
        for job in history.jobs {
            guard let item = job.queueItemID,
                ReferenceStamp.reference(in: job.customFields, note: nil, fieldID: field) == reference
            else { continue }
            found[item] = found[item] ?? true
        }
        // Printed and gone from the queue's list, it would be further back: nobody may say that it is not there.
        guard !found.isEmpty || history.isComplete else { throw FarmHistory.tooLong }
        return found.sorted { $0.key < $1.key }.map { id, isSame in
            FoundEffect(
                receipt: Receipt(queueItemID: id), vendorID: String(id), isAlive: true, isSameContent: isSame)
        }
    }

    package func vendorID(of receipt: Receipt) -> String? { String(receipt.queueItemID) }

    package func cancel(_ receipt: Receipt, reference: String) async throws {
        try await client.deleteQueueItem(receipt.queueItemID)
    }
}
