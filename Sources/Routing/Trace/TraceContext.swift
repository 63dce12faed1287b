import FoundationEssentials
package import HTTPWire
package import Kernel

/// Where a request stands in a distributed trace (W3C Trace Context, level 1 and the random flag of level 2).
///
/// A request that brings a `traceparent` gets a span of its own below it; one that brings none starts no trace, because
/// its correlation id already ties its log lines together.
package struct TraceContext: Hashable, Sendable {
    /// The one in force in this task; set by the gateway for the time of a request.
    @TaskLocal package static var current: TraceContext?

    /// Longest `tracestate` that is passed on (§3.3.1.5 asks for 512 characters at least), in bytes.
    package static let stateBytesMaximum = 512
    static let stateMembersMaximum = 32

    /// 32 lower-case hex digits, not all zero.
    package let traceID: String
    /// 16 lower-case hex digits, not all zero: the caller's span when parsed, ours after `child`.
    package let spanID: String
    /// The caller's span; nil in a context that was parsed.
    package let parentSpanID: String?
    package let isSampled: Bool
    /// Level 2's promise that the right half of the trace id is random.
    package let isRandom: Bool
    /// Vendors' data, passed on as it came; nil for none.
    package let state: String?

    /// - Returns: nil when `traceparent` is missing, stands twice or is malformed: then `tracestate` does not count
    ///   either (§3.2.2.5.2).
    package init?(fields: HTTPFields) {
        var parent: String?
        for field in fields.fields where field.name == "traceparent" {
            guard parent == nil else { return nil }
            parent = field.value
        }
        guard let parent else { return nil }
        self.init(parent: parent, stateLines: fields.values("tracestate"))
    }

    /// - Parameter stateLines: one list (RFC 9110 §5.3); dropped as a whole when it is too long or malformed.
    package init?(parent: String, stateLines: [String] = []) {
        let bytes = Array(parent.utf8)
        // 00-<32>-<16>-<2>. A later version may only add to the end, behind another hyphen (§3.2.4).
        guard bytes.count >= 55, bytes[2] == 0x2D, bytes[35] == 0x2D, bytes[52] == 0x2D,
            let version = Self.byte(bytes[0..<2]), version != 0xFF,
            version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == 0x2D,
            Self.isIdentifier(bytes[3..<35]), Self.isIdentifier(bytes[36..<52]), let flags = Self.byte(bytes[53..<55])
        else { return nil }
        traceID = String(decoding: bytes[3..<35], as: UTF8.self)
        spanID = String(decoding: bytes[36..<52], as: UTF8.self)
        parentSpanID = nil
        isSampled = flags & 1 != 0
        isRandom = flags & 2 != 0
        state = Self.state(stateLines)
    }

    private init(
        traceID: String, spanID: String, parentSpanID: String, isSampled: Bool, isRandom: Bool, state: String?
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.isSampled = isSampled
        self.isRandom = isRandom
        self.state = state
    }

    /// A span of ours below this one.
    package func child(_ identities: Identities) -> TraceContext {
        let id = identities.uuid().uuid
        // The right half of a UUIDv7 is random but for its two variant bits, which also keep it from being zero.
        let span = [id.8, id.9, id.10, id.11, id.12, id.13, id.14, id.15].map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16)
        }
        return TraceContext(
            traceID: traceID, spanID: span.joined(), parentSpanID: spanID, isSampled: isSampled, isRandom: isRandom,
            state: state)
    }

    /// `traceparent` for a call that this span makes: always version 00.
    package var parentField: String {
        "00-\(traceID)-\(spanID)-0\((isSampled ? 1 : 0) | (isRandom ? 2 : 0))"
    }

    // MARK: Reading

    /// Not all zero (§3.2.2.3, §3.2.2.4).
    private static func isIdentifier(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.allSatisfy { hexValue($0) != nil } && digits.contains { $0 != 0x30 }
    }

    private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard let high = digits.first.flatMap(hexValue), let low = digits.last.flatMap(hexValue) else { return nil }
        return high << 4 | low
    }

    /// Lower case only.
    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// `key=value` members, at most 32 (§3.3.1); their inside is the vendors' business.
    private static func state(_ lines: [String]) -> String? {
        guard !lines.isEmpty else { return nil }
        let joined = lines.joined(separator: ",")
        guard joined.utf8.count <= stateBytesMaximum else { return nil }
        var count = 0
        for member in joined.utf8.split(separator: UInt8(ascii: ",")) {
            let text = member.drop { $0 == 0x20 || $0 == 0x09 }
            guard !text.isEmpty else { continue }
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex,
                text.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
            else { return nil }
            count += 1
        }
        return (1...stateMembersMaximum).contains(count) ? joined : nil
    }
}
