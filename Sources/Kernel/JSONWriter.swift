import FoundationEssentials

/// Writes JSON text (RFC 8259) byte by byte, for answers of thousands of values: what `JSON.encode` writes of the same
/// value, if members are written in the order of their names' bytes.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package mutating func object(_ write: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(UInt8(ascii: "{"))
        try write(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    package mutating func array(_ write: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(UInt8(ascii: "["))
        try write(&self)
        bytes.append(UInt8(ascii: "]"))
    }

    /// Of a member, before its value. A name of ours, without a letter that JSON would escape.
    package mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        // SAFETY: the literal's bytes live as long as the program; they are only read.
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func null() { word("null") }

    package mutating func bool(_ value: Bool) { word(value ? "true" : "false") }

    package mutating func integer(_ value: Int) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(value.magnitude)
    }

    /// Exactly `value` / 10^`places`, without zeros at its end.
    package mutating func decimal(_ value: Int, places: Int) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var scale: UInt = 1
        for _ in 0..<places { scale *= 10 }
        digits(value.magnitude / scale)
        var rest = value.magnitude % scale
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        while rest > 0 {
            rest *= 10
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / scale))
            rest %= scale
        }
    }

    package mutating func string(_ text: String) {
        separate()
        quoted(text)
    }

    /// - Throws: `EncodingError` of a number that is none.
    package mutating func value(_ value: JSONValue) throws {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(Int(value))
        case .decimal(let number):
            guard number.isFinite else {
                throw EncodingError.invalidValue(
                    number, .init(codingPath: [], debugDescription: "JSON has no number that is not finite"))
            }
            word(number.description)
        case .string(let value): string(value)
        case .array(let elements): try array { for element in elements { try $0.value(element) } }
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            try object { writer in
                for (name, value) in sorted {
                    writer.separate()
                    writer.quoted(name)
                    writer.bytes.append(UInt8(ascii: ":"))
                    try writer.value(value)
                }
            }
        }
    }
}

extension JSONWriter {
    /// A comma, but for what comes first in an object or array, and after a name.
    private mutating func separate() {
        guard let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":")
        else { return }
        bytes.append(UInt8(ascii: ","))
    }

    private mutating func word(_ word: String) {
        separate()
        bytes.append(contentsOf: word.utf8)
    }

    private mutating func digits(_ value: UInt) {
        if value >= 10 { digits(value / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    private mutating func quoted(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        // SAFETY: the text's bytes are read while the closure runs, and not kept.
        text.withUTF8 { JSONEscape.append($0, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }
}
