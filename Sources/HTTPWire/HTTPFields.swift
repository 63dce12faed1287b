/// Header or trailer fields in the order they came; names compare without case (RFC 9110 §5.1).
///
/// Nothing is folded: two `Content-Length` lines stay two, so that framing can refuse them.
package struct HTTPFields: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        /// Lower case.
        package let name: String
        package let value: String
        /// Whether both may go on the wire: a name that is no token, or a CR, LF or NUL in a value, would end a line
        /// early and split the message in two (RFC 9110 §5.5). Looked at once, here, not each time it is sent.
        let isSound: Bool

        package init(_ name: String, _ value: String) {
            self.init(lowerCaseName: HTTPFields.key(name), value: value)
        }

        /// For a name that is lower case already.
        init(lowerCaseName: String, value: String) {
            name = lowerCaseName
            self.value = value
            isSound =
                !name.isEmpty && name.utf8.allSatisfy(Octets.isTokenCharacter)
                && value.utf8.allSatisfy(Octets.isFieldValue)
        }

        /// For what the parser has judged byte by byte.
        init(judgedName: String, value: String) {
            name = judgedName
            self.value = value
            isSound = true
        }
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package init(_ pairs: [(String, String)]) {
        fields.reserveCapacity(pairs.count)
        for (name, value) in pairs { append(name, value) }
    }

    /// The first value of that name; setting replaces every one, nil removes them.
    package subscript(name: String) -> String? {
        get {
            let key = Self.key(name)
            for field in fields where field.name == key { return field.value }
            return nil
        }
        set {
            let key = Self.key(name)
            if fields.contains(where: { $0.name == key }) { fields.removeAll { $0.name == key } }
            if let newValue { fields.append(Field(lowerCaseName: key, value: newValue)) }
        }
    }

    package func values(_ name: String) -> [String] {
        let key = Self.key(name)
        return fields.filter { $0.name == key }.map(\.value)
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    package mutating func append(_ field: Field) {
        fields.append(field)
    }

    mutating func reserveCapacity(_ count: Int) {
        fields.reserveCapacity(count)
    }

    /// The name in lower case; one that is so already, as nearly all are, is not copied.
    private static func key(_ name: String) -> String {
        for byte in name.utf8 where byte &- 0x41 <= 25 || byte >= 0x80 { return name.lowercased() }
        return name
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }
}
