import Kernel

/// An entry to put on SimplyPrint's queue.
package struct NewQueueItem: Codable, Hashable, Sendable {
    /// 32 hexadecimal digits for a file of the account, 64 for one just uploaded.
    package var fileID: String
    /// How many copies.
    package var amount: Int
    /// Shown to people, and the way to find the item again where there is no custom field.
    package var note: String
    /// The custom field that carries `reference` from the item to its jobs; nil where the account has none.
    package var customFieldID: String?
    /// Our own name for this one wish.
    package var reference: String

    package init(fileID: String, amount: Int, note: String, customFieldID: String?, reference: String) {
        self.fileID = fileID
        self.amount = amount
        self.note = note
        self.customFieldID = customFieldID
        self.reference = reference
    }
}

/// What SimplyPrint answered to a new queue item. Its id is no job's: a job exists only once a copy starts.
package struct AddedQueueItem: Codable, Hashable, Sendable {
    package var queueItemID: Int64
    /// Anything but nil and `not_required` means that a person has to let it through.
    package var approvalStatus: String?

    package init(queueItemID: Int64, approvalStatus: String?) {
        self.queueItemID = queueItemID
        self.approvalStatus = approvalStatus
    }
}

/// An entry of the queue, waiting or done.
package struct QueueItem: Codable, Hashable, Sendable {
    package var id: Int64
    package var fileID: String?
    package var note: String?
    /// Copies still to print.
    package var left: Int
    package var printed: Int
    /// By the field's text id.
    package var customFields: [String: String]
    /// From the list of finished items.
    package var isDone: Bool

    package init(
        id: Int64, fileID: String?, note: String?, left: Int, printed: Int, customFields: [String: String],
        isDone: Bool
    ) {
        self.id = id
        self.fileID = fileID
        self.note = note
        self.left = left
        self.printed = printed
        self.customFields = customFields
        self.isDone = isDone
    }
}

/// A custom field of the account.
package struct CustomField: Codable, Hashable, Sendable {
    /// The text id (`student_id`), not the number.
    package var id: String
    package var name: String

    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
