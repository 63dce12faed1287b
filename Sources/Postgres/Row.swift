package import FoundationEssentials
package import Kernel

/// One row of a result, copied out of libpq; columns are read by name.
package struct Row: Sendable {
    package let columns: Columns
    /// Text form of each column, nil for NULL.
    package let values: [String?]

    package init(columns: Columns, values: [String?]) {
        self.columns = columns
        self.values = values
    }

    /// A value that must be there: `let name: String = try row("name")`.
    package func callAsFunction<Value: SQLDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        try value(name)
    }

    /// A value that may be NULL.
    package func optional<Value: SQLDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        try optionalValue(name)
    }

    func value<Value: SQLDecodable>(_ name: String) throws -> Value {
        guard let value: Value = try optionalValue(name) else {
            throw RowError(column: name, reason: "is NULL where \(Value.self) is expected")
        }
        return value
    }

    func optionalValue<Value: SQLDecodable>(_ name: String) throws -> Value? {
        guard let index = columns.index[name] else { throw RowError(column: name, reason: "is not in the result") }
        guard let text = values[index] else { return nil }
        guard let value = Value(sqlText: text) else { throw RowError(column: name, reason: "is no \(Value.self)") }
        return value
    }

    /// The column names of one result, shared by its rows.
    package final class Columns: Sendable {
        package let names: [String]
        package let index: [String: Int]

        package init(names: [String]) {
            self.names = names
            index = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }
}

/// A result that does not have the shape its reader expects. Never holds the value.
package struct RowError: Error, Hashable, Sendable, CustomStringConvertible {
    package let column: String
    package let reason: String

    package init(column: String, reason: String) {
        self.column = column
        self.reason = reason
    }

    package var description: String { "column \(column) \(reason)" }
}

/// What a column's text form can be read as.
package protocol SQLDecodable {
    init?(sqlText: String)
}

extension String: SQLDecodable { package init?(sqlText: String) { self = sqlText } }
extension Int: SQLDecodable { package init?(sqlText: String) { self.init(sqlText) } }
extension Int64: SQLDecodable { package init?(sqlText: String) { self.init(sqlText) } }
extension Double: SQLDecodable { package init?(sqlText: String) { self.init(sqlText) } }
extension Decimal: SQLDecodable { package init?(sqlText: String) { self.init(string: sqlText) } }
extension UUID: SQLDecodable { package init?(sqlText: String) { self.init(uuidString: sqlText) } }
extension ID: SQLDecodable { package init?(sqlText: String) { self.init(sqlText) } }
extension CorrelationID: SQLDecodable { package init?(sqlText: String) { self.init(sqlText) } }

extension Bool: SQLDecodable {
    package init?(sqlText: String) {
        switch sqlText {
        case "t", "true": self = true
        case "f", "false": self = false
        default: return nil
        }
    }
}

extension Date: SQLDecodable {
    /// `timestamptz` in ISO style: `2026-11-22 09:30:00.123456+00`.
    package init?(sqlText: String) {
        let zone = sqlText.suffix(3)
        let whole = (zone.first == "+" || zone.first == "-") ? sqlText + ":00" : sqlText
        guard let date = Timestamp.parse(whole) else { return nil }
        self = date
    }
}

extension SQLBytes: SQLDecodable {
    /// `bytea` in hex style: `\x0102`.
    package init?(sqlText: String) {
        let digits = Array(sqlText.utf8)
        guard digits.count >= 2, digits.count.isMultiple(of: 2), digits[0] == 0x5C, digits[1] == 0x78 else {
            return nil
        }
        func nibble(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x61...0x66: byte - 0x61 + 10
            default: nil
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2 - 1)
        for position in stride(from: 2, to: digits.count, by: 2) {
            guard let high = nibble(digits[position]), let low = nibble(digits[position + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(bytes)
    }
}
