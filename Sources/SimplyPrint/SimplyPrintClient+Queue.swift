import HTTPClient
import HTTPWire
import Kernel

extension SimplyPrintClient {
    /// Puts a file on the queue. SimplyPrint has no idempotency key: the call is never sent twice by itself; after a
    /// failure with `mayHaveHappened` look for the reference in the queue, among the done and in the history.
    /// - Throws: `VendorFailure`, or the budget's own error.
    package func addQueueItem(_ new: NewQueueItem) async throws -> AddedQueueItem {
        // Uploaded files have ids of 64 digits and a parameter of their own.
        let fileKey = new.fileID.utf8.count == 64 ? "fileId" : "filesystem"
        var body: [String: JSONValue] = [
            fileKey: .string(new.fileID), "amount": .integer(Int64(new.amount)), "note": .string(new.note),
            // Demanded where the account has queue groups; 0 is none.
            "group": 0,
        ]
        if let field = new.customFieldID {
            body["custom_fields"] = [["customFieldId": .string(field), "value": ["string": .string(new.reference)]]]
        }
        return try await ask("addQueueItem", .post, "queue/AddItem", body: body, neverResend: true) {
            (envelope, answer) throws(VendorFailure) in
            // The documentation of 2024 says `created_id`, the product page of 2026 `id`.
            guard let id = envelope.object.integer("created_id") ?? envelope.object.integer("id") else {
                throw answer.failure(.malformed, "no id of the new queue item", mayHaveHappened: true)
            }
            return AddedQueueItem(queueItemID: id, approvalStatus: envelope.object.filledText("approval_status"))
        }
    }

    /// The queue.
    /// - Parameter includeDone: also what is finished and not yet expired.
    package func queueItems(includeDone: Bool) async throws -> [QueueItem] {
        let items = try await pages("queueItems", "queue/GetItems", query: includeDone ? "done_items=1" : "") {
            object in
            let waiting =
                try object.items("queue", of: WireQueueItem.self) ?? object.list("items", of: WireQueueItem.self)
            let doneKey = (["done_items", "doneItems", "done"] as [LooseKey]).first { object.has($0) }
            let done = try doneKey.flatMap { try object.items($0, of: WireQueueItem.self) } ?? []
            return waiting.map(\.item) + done.map(\.done)
        }
        // The finished ones may come with every page, and an item may move while we turn the pages.
        var seen: Set<Int64> = []
        return items.filter { seen.insert($0.id).inserted }
    }

    /// What waits for a person to let it onto the queue.
    package func itemsPendingApproval() async throws -> [QueueItem] {
        try await pages("itemsPendingApproval", "queue/approval/GetPendingItems") { object in
            let keys: [LooseKey] = ["queue", "items", "pending", "data", "list"]
            let key = keys.first { object.has($0) }
            return try key.flatMap { try object.items($0, of: WireQueueItem.self) }?.map(\.item) ?? []
        }
    }

    /// Takes an item off the queue. The parameter is named `job` and belongs into the query; in the body it would be
    /// ignored and nothing deleted.
    package func deleteQueueItem(_ id: Int64) async throws {
        try await ask("deleteQueueItem", .post, "queue/DeleteItem", query: "job=\(id)", body: [:]) {
            _, _ throws(VendorFailure) in
        }
    }
}
