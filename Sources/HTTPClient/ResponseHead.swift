import HTTPWire

/// Gathers the fields of the final answer out of the lines libcurl hands over.
struct ResponseHead {
    static let bytesMaximum = 64 * 1024

    private(set) var fields = HTTPFields()
    /// The empty line that ends a head has come. libcurl takes a head that is cut off for a whole one.
    private(set) var isComplete = false
    private var byteCount = 0

    /// - Returns: false when the head is larger than allowed.
    mutating func take(line: some Collection<UInt8>) -> Bool {
        byteCount += line.count
        guard byteCount <= Self.bytesMaximum else { return false }
        let text = String(decoding: line, as: UTF8.self)
        // A further status line follows an interim answer (RFC 9110 §15.2): what came before is not of the final one.
        if text.hasPrefix("HTTP/") {
            fields = HTTPFields()
            isComplete = false
            return true
        }
        if text == "\r\n" || text == "\n" { isComplete = true }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return true }
        fields.append(Self.trimmed(parts[0]), Self.trimmed(parts[1]))
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text[...]
        while let first = rest.unicodeScalars.first, isBlank(first) { rest.unicodeScalars.removeFirst() }
        while let last = rest.unicodeScalars.last, isBlank(last) { rest.unicodeScalars.removeLast() }
        return String(rest)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
    }
}
