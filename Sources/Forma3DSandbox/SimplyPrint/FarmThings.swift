import FoundationEssentials

/// A printer of the farm.
struct FarmPrinter: Sendable {
    enum State: String, Sendable {
        case operational
        case downloading
        case printing
        case paused
        case offline
        case error
    }

    let id: Int64
    let name: String
    var state = State.operational
    var jobID: Int64?
    var awaitsBedClear = false
    /// The next print on it fails.
    var failsNext = false
}

/// An item of the queue: a file, printed `amount` times.
struct FarmQueueItem: Sendable {
    let id: Int64
    /// As it was named: 32 or 64 hexadecimal digits.
    let fileID: String
    let filename: String
    var note: String?
    var amount: Int
    /// Copies not started yet.
    var left: Int
    /// Copies finished well.
    var printed = 0
    var ongoing = 0
    /// `{id, value: {string: …}}` as the vendor stores them.
    let customFields: [JSONNode]
    let group: Int64
    let forPrinters: Set<Int64>
    var sortOrder: Double
    let addedAt: Date
    var deletedAt: Date?
    var doneAt: Date?
    var waitsForApproval = false

    var isOnQueue: Bool { deletedAt == nil && !waitsForApproval && left > 0 }
    var isDone: Bool { deletedAt == nil && left == 0 }
    var isPending: Bool { deletedAt == nil && waitsForApproval }

    /// Ours: the custom field, else what the note holds.
    var reference: String? {
        FarmReference.of(customFields: customFields) ?? note.flatMap(FarmReference.of(note:))
    }
}

/// One physical print.
struct FarmJob: Sendable {
    enum State: String, Sendable {
        case ongoing
        case finished
        case failed
        case cancelled
    }

    let id: Int64
    let uid: String
    let printerID: Int64
    let queueItemID: Int64?
    let fileID: String
    let filename: String
    let customFields: [JSONNode]
    let reference: String?
    /// Started at the printer, not through SimplyPrint.
    let isOutsideSystem: Bool
    let startedAt: Date
    var endedAt: Date?
    var finishesAt: Date
    var state = State.ongoing
    var willFail = false
    /// 1 Print failed … 6 Other.
    var cancelReason: Int64?
    var comment: String?
    var rating: Int64?

    func percentage(at now: Date) -> Int {
        guard state == .ongoing else { return state == .finished ? 100 : 48 }
        let whole = finishesAt.timeIntervalSince(startedAt)
        guard whole > 0 else { return 99 }
        return min(99, max(0, Int(100 * now.timeIntervalSince(startedAt) / whole)))
    }
}

/// A webhook registered at SimplyPrint.
struct FarmWebhook: Sendable {
    let id: Int64
    var name: String
    var url: String
    var secret: String?
    var isEnabled: Bool
    var events: [String]
    let createdAt: Date
}

/// Finds our reference where a queue item may carry it.
enum FarmReference {
    static func of(customFields: [JSONNode]) -> String? {
        let field = customFields.first { $0["id"]?.string == FarmSettings.referenceField }
        return field?["value"]?["string"]?.string ?? field?["value"]?.string
    }

    /// After `forma3d_reference`, else the first word that starts with a UUID, else a note of one word.
    static func of(note: String) -> String? {
        if let name = note.firstRange(of: FarmSettings.referenceField) {
            let rest = note[name.upperBound...].drop { " :=\t".contains($0) }
            let word = rest.prefix { !$0.isWhitespace && $0 != "," && $0 != ";" }
            if !word.isEmpty { return String(word) }
        }
        let words = note.split { $0.isWhitespace || "[](),;".contains($0) }
        if let word = words.first(where: { UUID(uuidString: String($0.prefix(36))) != nil }) { return String(word) }
        return words.count == 1 ? String(words[0]) : nil
    }
}
