/// Splits a path and decodes each segment once (RFC 3986 §2.4: after the split, and never twice).
enum PathSegments {
    struct Malformed: Error, Hashable {
        let reason: String
    }

    /// `/` has none; a trailing slash gives a last empty one, which no route has.
    static func decode(_ path: String) -> Result<[String], Malformed> {
        guard path.utf8.first == UInt8(ascii: "/") else { return .failure(Malformed(reason: "must start with /")) }
        if path.utf8.count == 1 { return .success([]) }
        var segments: [String] = []
        for raw in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            switch segment(raw) {
            case .success(let text): segments.append(text)
            case .failure(let malformed): return .failure(malformed)
            }
        }
        return .success(segments)
    }

    private static func segment(_ raw: Substring) -> Result<String, Malformed> {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.utf8.count)
        var rest = Array(raw.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                return .failure(Malformed(reason: "has a % that is not followed by two hexadecimal digits"))
            }
            let decoded = high << 4 | low
            // An escaped slash or backslash would mean one thing to a proxy and another here; control characters,
            // NUL first of all, have no place in a name.
            guard decoded != UInt8(ascii: "/"), decoded != UInt8(ascii: "\\"), decoded >= 0x20, decoded != 0x7F else {
                return .failure(Malformed(reason: "has an escaped slash, backslash or control character"))
            }
            bytes.append(decoded)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(Malformed(reason: "is not UTF-8"))
        }
        // Clients resolve dot segments before they send (RFC 3986 §5.2.4): here they are an attempt to climb.
        guard text != ".", text != ".." else { return .failure(Malformed(reason: "has a dot segment")) }
        return .success(text)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
