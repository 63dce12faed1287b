extension DecodingError {
    /// Which field could not be read and why, for an operator; never the value.
    package var sentence: String {
        func path(_ keys: [any CodingKey]) -> String {
            let text = keys.reduce(into: "") { text, key in
                text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? key.stringValue : ".\(key.stringValue)")
            }
            return text.isEmpty ? "the body" : text
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(path(context.codingPath)) is null"
        case .typeMismatch(_, let context): "\(path(context.codingPath)) has the wrong type"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "the body is not valid JSON"
        case .dataCorrupted(let context): "\(path(context.codingPath)) is missing or cannot be read"
        @unknown default: "the body cannot be read"
        }
    }
}
