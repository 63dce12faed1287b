import FoundationEssentials
import Kernel

/// SimplyPrint's envelope: the payload lies beside `status` and `message`.
struct Envelope: Decodable {
    /// `status` is what counts, not the HTTP status; only `queue/SetOrder`, which we do not use, says `success`.
    var isGood: Bool
    var message: String?
    var pageCount: Int64
    var object: LooseObject

    init(from decoder: any Decoder) throws {
        object = try decoder.looseObject()
        isGood = object.flag("status") ?? false
        message = object.filledText("message") ?? object.filledText("error")
        pageCount = object.integer("page_amount") ?? 1
    }
}

extension QueueItem {
    fileprivate init(_ object: LooseObject) throws {
        let left = object.integer("left").flatMap { Int(exactly: $0) }
        let printed = object.integer("printed").flatMap { Int(exactly: $0) }
        self.init(
            id: try object.requireInteger("id"), fileID: object.filledText("filesystem_id"),
            note: object.filledText("note"), left: left ?? 0, printed: printed ?? 0,
            customFields: object.customFields(), isDone: false)
    }
}

/// A queue item as the wire has it.
struct WireQueueItem: Decodable {
    var item: QueueItem

    init(from decoder: any Decoder) throws {
        item = try QueueItem(try decoder.looseObject())
    }

    var done: QueueItem {
        var done = item
        done.isDone = true
        return done
    }
}

/// A custom field as the wire has it.
struct WireCustomField: Decodable {
    var field: CustomField

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        let id = try object.filledText("fieldId") ?? object.requireText("id")
        field = CustomField(id: id, name: object.filledText("fieldLabel") ?? object.filledText("name") ?? id)
    }
}

/// `{"id": "our_field", "value": {"string": "…"}}`.
private struct WireCustomFieldValue: Decodable {
    var id: String?
    var value: String?

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        id = object.filledText("id") ?? object.filledText("customFieldId") ?? object.filledText("fieldId")
        guard let typed = object.object("value") else {
            value = object.text("value")
            return
        }
        value =
            typed.text("string") ?? typed.text("number") ?? typed.text("date")
            ?? typed.flag("boolean").map { $0 ? "true" : "false" }
            ?? (try? typed.decode([String].self, forKey: "options"))?.joined(separator: ",")
    }
}

extension LooseObject {
    /// The custom fields of an item or job, in either spelling.
    func customFields() -> [String: String] {
        let key: LooseKey = has("customFields") ? "customFields" : "custom_fields"
        guard let list = try? list(key, of: WireCustomFieldValue.self) else { return [:] }
        let pairs = list.compactMap { entry in
            entry.id.flatMap { id in entry.value.map { (id, $0) } }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// A time as text or as seconds since 1970.
    func moment(_ key: LooseKey) -> Date? {
        if let time = time(key) { return time }
        return integer(key).flatMap(UnixTime.date)
    }

    /// A list under a key, whether it stands there itself, as `items` of an object, or is missing.
    func items<Element: Decodable>(_ key: LooseKey, of type: Element.Type) throws -> [Element]? {
        guard has(key) else { return nil }
        if let object = object(key), object.contains("items") { return try object.list("items", of: type) }
        return try list(key, of: type)
    }
}

/// Seconds since 1970, or milliseconds when the number is too large for seconds.
enum UnixTime {
    static func date(_ number: Int64) -> Date? {
        guard number > 0, number < 100_000_000_000_000 else { return nil }
        return Date(timeIntervalSince1970: number >= 100_000_000_000 ? Double(number) / 1_000 : Double(number))
    }
}
