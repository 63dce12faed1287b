package import FoundationEssentials
package import Kernel
package import Logging

/// One log line as a value and its JSON form: fixed key order, metadata sorted, one physical line, bounded in size.
package struct LogLine: Sendable {
    /// Longest line without its newline, in bytes. Docker cuts lines at 16 KiB.
    package static let bytesMaximum = 16_000
    /// Longest message, in bytes.
    package static let messageBytesMaximum = 8_000
    /// Longest single metadata value, in bytes.
    package static let valueBytesMaximum = 2_000
    /// Deepest nesting of metadata that is written out.
    package static let depthMaximum = 4

    package let time: Date
    package let level: Logger.Level
    package let message: String
    package let correlationID: CorrelationID?
    package let label: String
    package let metadata: Logger.Metadata

    package init(
        time: Date, level: Logger.Level, message: String, correlationID: CorrelationID?, label: String,
        metadata: Logger.Metadata
    ) {
        self.time = time
        self.level = level
        self.message = message
        self.correlationID = correlationID
        self.label = label
        self.metadata = metadata
    }

    /// The line with its newline. Keys: `time level message correlationId label metadata`, and `truncated` when
    /// something was left out.
    package var bytes: [UInt8] {
        var writer = LogLineWriter(bytesMaximum: Self.bytesMaximum)
        writer.raw("{\"time\":")
        writer.string(Timestamp.format(time), bytesMaximum: 40)
        writer.raw(",\"level\":\"\(level.rawValue)\",\"message\":")
        writer.string(Redaction.withoutURLPasswords(message), bytesMaximum: Self.messageBytesMaximum)
        if let correlationID {
            writer.raw(",\"correlationId\":")
            writer.string(correlationID.text, bytesMaximum: CorrelationID.lengthMaximum)
        }
        writer.raw(",\"label\":")
        writer.string(label, bytesMaximum: 128)
        if !metadata.isEmpty {
            writer.raw(",\"metadata\":")
            writer.object(metadata, depth: 1)
        }
        if writer.isTruncated { writer.raw(",\"truncated\":true") }
        writer.raw("}\n")
        return writer.bytes
    }
}

/// Writes JSON into a bounded buffer: values are cut and entries are left out before the bound is passed.
private struct LogLineWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var isTruncated = false
    private let bytesMaximum: Int
    /// Kept back for closing brackets and the `truncated` mark.
    private static let reserveBytes = 256

    init(bytesMaximum: Int) {
        self.bytesMaximum = bytesMaximum
        bytes.reserveCapacity(512)
    }

    private var freeBytes: Int { max(0, bytesMaximum - Self.reserveBytes - bytes.count) }

    mutating func raw(_ text: String) {
        bytes += Array(text.utf8)
    }

    /// A JSON string (RFC 8259 §7) of at most that many bytes of content, cut between characters.
    mutating func string(_ text: String, bytesMaximum: Int) {
        let limit = min(bytesMaximum, freeBytes)
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        for scalar in text.unicodeScalars {
            let before = bytes.count
            append(scalar)
            if bytes.count - start > limit {
                bytes.removeSubrange(before...)
                bytes += Array("…".utf8)
                isTruncated = true
                break
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func object(_ members: Logger.Metadata, depth: Int) {
        raw("{")
        var isFirst = true
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            guard freeBytes > key.utf8.count + 16 else {
                isTruncated = true
                break
            }
            if !isFirst { raw(",") }
            isFirst = false
            string(key, bytesMaximum: 128)
            raw(":")
            if Redaction.hides(key) {
                string(Redaction.mask, bytesMaximum: 16)
            } else {
                self.value(value, depth: depth)
            }
        }
        raw("}")
    }

    private mutating func value(_ value: Logger.MetadataValue, depth: Int) {
        switch value {
        case .string(let text): shown(text)
        case .stringConvertible(let convertible): shown(convertible.description)
        case .dictionary, .array:
            guard depth < LogLine.depthMaximum else {
                isTruncated = true
                raw("\"…\"")
                return
            }
            if case .dictionary(let members) = value { object(members, depth: depth + 1) }
            if case .array(let elements) = value { array(elements, depth: depth + 1) }
        }
    }

    private mutating func array(_ elements: [Logger.MetadataValue], depth: Int) {
        raw("[")
        for (index, element) in elements.enumerated() {
            guard freeBytes > 16 else {
                isTruncated = true
                break
            }
            if index > 0 { raw(",") }
            value(element, depth: depth)
        }
        raw("]")
    }

    private mutating func shown(_ text: String) {
        string(Redaction.withoutURLPasswords(text), bytesMaximum: LogLine.valueBytesMaximum)
    }

    /// Control characters are escaped, and so are U+2028 and U+2029, which some readers take for line ends.
    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": raw("\\\"")
        case "\\": raw("\\\\")
        case "\n": raw("\\n")
        case "\r": raw("\\r")
        case "\t": raw("\\t")
        case "\u{00}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
            let digits = String(scalar.value, radix: 16)
            raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: bytes += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
