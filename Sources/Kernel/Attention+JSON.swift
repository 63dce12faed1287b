extension Attention {
    /// On the wire; null where there is nothing to look at.
    package static func json(_ attention: Attention?) -> JSONValue {
        guard let attention else { return .null }
        return [
            "code": .string(attention.code), "reason": .string(attention.reason), "since": JSONValue(attention.since),
            "action": .string(attention.action),
        ]
    }
}
