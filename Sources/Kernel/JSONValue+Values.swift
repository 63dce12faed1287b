package import FoundationEssentials

extension JSONValue {
    /// Text, or null where there is none.
    package init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }

    /// A vendor's number as a string of digits: JavaScript would round it (DESIGN §6).
    package init(vendorID: Int64?) {
        self = vendorID.map { .string(String($0)) } ?? .null
    }

    package init(_ date: Date?) {
        self = date.map { .string(Timestamp.format($0)) } ?? .null
    }

    package init<Tag>(_ id: ID<Tag>?) {
        self = id.map { .string($0.description) } ?? .null
    }

    /// An amount as decimal text, `12.50`.
    package init(_ amount: Decimal?) {
        self = amount.map { .string($0.description) } ?? .null
    }
}
