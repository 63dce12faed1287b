package import FoundationEssentials
package import Kernel

/// A value on its way to the server: text format for scalars (locale-free), binary for `bytea`.
///
/// The server infers the type from the statement; write a cast (`\(text)::jsonb`) where it cannot.
package enum SQLValue: Hashable, Sendable {
    case null
    case text(String)
    case bytes([UInt8])
}

/// What may be bound to a statement.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension String: SQLBindable { package var sqlValue: SQLValue { .text(self) } }
extension Int: SQLBindable { package var sqlValue: SQLValue { .text(String(self)) } }
extension Int64: SQLBindable { package var sqlValue: SQLValue { .text(String(self)) } }
extension Bool: SQLBindable { package var sqlValue: SQLValue { .text(self ? "true" : "false") } }
extension Double: SQLBindable { package var sqlValue: SQLValue { .text(String(self)) } }
extension Decimal: SQLBindable { package var sqlValue: SQLValue { .text(description) } }
extension UUID: SQLBindable { package var sqlValue: SQLValue { .text(uuidString.lowercased()) } }
extension ID: SQLBindable { package var sqlValue: SQLValue { .text(description) } }
extension CorrelationID: SQLBindable { package var sqlValue: SQLValue { .text(text) } }

extension Date: SQLBindable {
    /// With the microseconds that a `timestamptz` keeps: a time read from a row finds that row again.
    package var sqlValue: SQLValue {
        let microseconds = (timeIntervalSince1970 * 1_000_000).rounded()
        let wholeSeconds = (microseconds / 1_000_000).rounded(.down)
        let fraction = String(Int(microseconds - wholeSeconds * 1_000_000))
        let whole = Timestamp.format(Date(timeIntervalSince1970: wholeSeconds))
        return .text("\(whole.dropLast(4))\(String(repeating: "0", count: max(0, 6 - fraction.count)))\(fraction)Z")
    }
}

/// A whole array in PostgreSQL's `{…}` text form: `= ANY(\(SQLArray(ids))::uuid[])`.
package struct SQLArray<Element: SQLBindable>: SQLBindable {
    package let elements: [Element]

    package init(_ elements: [Element]) {
        self.elements = elements
    }

    /// Byte by byte: searching and replacing in strings costs more than the statement it is for.
    package var sqlValue: SQLValue {
        // Ids and fences: of each batch there are hundreds.
        if let numbers = elements as? [Int64] {
            return .text("{" + numbers.lazy.map(String.init).joined(separator: ",") + "}")
        }
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            switch element.sqlValue {
            case .null: text += Array("NULL".utf8)
            case .text(let value):
                text.append(UInt8(ascii: "\""))
                for byte in value.utf8 {
                    if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") { text.append(UInt8(ascii: "\\")) }
                    text.append(byte)
                }
                text.append(UInt8(ascii: "\""))
            case .bytes(let bytes):
                let digits = Array("0123456789abcdef".utf8)
                text += Array("\"\\\\x".utf8)
                for byte in bytes {
                    text.append(digits[Int(byte >> 4)])
                    text.append(digits[Int(byte & 15)])
                }
                text.append(UInt8(ascii: "\""))
            }
        }
        text.append(UInt8(ascii: "}"))
        return .text(String(decoding: text, as: UTF8.self))
    }
}

/// The raw bytes of a `bytea`.
package struct SQLBytes: SQLBindable, Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var sqlValue: SQLValue { .bytes(bytes) }
}
