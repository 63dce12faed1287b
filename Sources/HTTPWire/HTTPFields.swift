/// Header or trailer fields in the order they came; names compare without case (RFC 9110 §5.1).
///
/// Nothing is folded: two `Content-Length` lines stay two, so that framing can refuse them.
package struct HTTPFields: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        /// Lower case.
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.init(lowerCaseName: name.lowercased(), value: value)
        }

        /// For a name that is lower case already, as the parser makes it.
        init(lowerCaseName: String, value: String) {
            name = lowerCaseName
            self.value = value
        }
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package init(_ pairs: [(String, String)]) {
        for (name, value) in pairs { append(name, value) }
    }

    /// The first value of that name; setting replaces every one, nil removes them.
    package subscript(name: String) -> String? {
        get {
            let key = name.lowercased()
            return fields.first { $0.name == key }?.value
        }
        set {
            let key = name.lowercased()
            fields.removeAll { $0.name == key }
            if let newValue { fields.append(Field(lowerCaseName: key, value: newValue)) }
        }
    }

    package func values(_ name: String) -> [String] {
        let key = name.lowercased()
        return fields.filter { $0.name == key }.map(\.value)
    }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    package mutating func append(_ field: Field) {
        fields.append(field)
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }
}
