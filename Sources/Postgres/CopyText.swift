/// The columns that a COPY writes or reads.
package struct CopyTarget: Hashable, Sendable {
    package let schema: String
    package let table: String
    package let columns: [String]

    package init(schema: String, table: String, columns: [String]) {
        self.schema = schema
        self.table = table
        self.columns = columns
    }

    var sql: String {
        let names = columns.map { quotedIdentifier($0) }.joined(separator: ", ")
        return "\(quotedIdentifier(schema)).\(quotedIdentifier(table)) (\(names))"
    }
}

/// COPY's text format (PostgreSQL's manual, SQL COPY, File Formats): a line a row, tabs between columns, `\N` for NULL.
enum CopyText {
    private static let tab = UInt8(ascii: "\t")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")

    /// - Throws: `PostgresError` `22021` for a NUL, which no text of PostgreSQL can hold.
    static func append(_ row: [SQLValue], to bytes: inout [UInt8]) throws(PostgresError) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(tab) }
            switch value {
            case .null: bytes += [backslash, UInt8(ascii: "N")]
            case .text(let text): try append(text, to: &bytes)
            case .bytes(let raw):
                let digits = Array("0123456789abcdef".utf8)
                bytes += [backslash, backslash, UInt8(ascii: "x")]
                for byte in raw {
                    bytes.append(digits[Int(byte >> 4)])
                    bytes.append(digits[Int(byte & 15)])
                }
            }
        }
        bytes.append(lineFeed)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) throws(PostgresError) {
        for byte in text.utf8 {
            switch byte {
            case 0: throw PostgresError(kind: .server, sqlState: "22021", message: "text with a NUL byte")
            case backslash: bytes += [backslash, backslash]
            case tab: bytes += [backslash, UInt8(ascii: "t")]
            case lineFeed: bytes += [backslash, UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [backslash, UInt8(ascii: "r")]
            default: bytes.append(byte)
            }
        }
    }

    /// One line of the server's, with or without its line feed; nil for NULL.
    static func columns(of line: some Sequence<UInt8>) -> [String?] {
        var columns: [String?] = []
        var column: [UInt8] = []
        var isNull = false
        var isEscaped = false
        func finish() {
            columns.append(isNull ? nil : String(decoding: column, as: UTF8.self))
            column = []
            isNull = false
        }
        for byte in line {
            if isEscaped {
                isEscaped = false
                switch byte {
                case UInt8(ascii: "N"): isNull = true
                case UInt8(ascii: "b"): column.append(8)
                case UInt8(ascii: "f"): column.append(12)
                case UInt8(ascii: "n"): column.append(10)
                case UInt8(ascii: "r"): column.append(13)
                case UInt8(ascii: "t"): column.append(9)
                case UInt8(ascii: "v"): column.append(11)
                default: column.append(byte)
                }
            } else if byte == backslash {
                isEscaped = true
            } else if byte == tab {
                finish()
            } else if byte != lineFeed {
                column.append(byte)
            }
        }
        finish()
        return columns
    }
}
