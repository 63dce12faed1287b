/// `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )` (RFC 9112 §7.1.1): checked, then dropped.
enum ChunkExtensions {
    /// - Parameter range: what follows the size on its line, not empty.
    static func check(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFault) {
        var index = range.lowerBound
        while index < range.upperBound {
            index = skipBlanks(bytes, index, range.upperBound)
            // §7.1.1: BWS belongs before a semicolon; at the end of the line it is nothing that the grammar knows.
            guard index < range.upperBound, bytes[index] == UInt8(ascii: ";") else { throw fault }
            index = skipBlanks(bytes, index + 1, range.upperBound)
            index = try skipToken(bytes, index, range.upperBound)
            let afterName = skipBlanks(bytes, index, range.upperBound)
            guard afterName < range.upperBound, bytes[afterName] == UInt8(ascii: "=") else { continue }
            index = skipBlanks(bytes, afterName + 1, range.upperBound)
            let isQuoted = index < range.upperBound && bytes[index] == UInt8(ascii: "\"")
            index =
                isQuoted
                ? try skipQuoted(bytes, index + 1, range.upperBound)
                : try skipToken(bytes, index, range.upperBound)
        }
    }

    private static let fault = RequestFault.malformed("A chunk's size is followed by something that is no extension.")

    private static func skipBlanks(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, bytes[index] == Octets.space || bytes[index] == Octets.tab { index += 1 }
        return index
    }

    private static func skipToken(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(RequestFault) -> Int {
        var index = start
        while index < end, Octets.isTokenCharacter(bytes[index]) { index += 1 }
        guard index > start else { throw fault }
        return index
    }

    /// A quoted-string (RFC 9110 §5.6.4) from behind its opening quote.
    private static func skipQuoted(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(RequestFault) -> Int {
        var index = start
        while index < end {
            let byte = bytes[index]
            guard Octets.isFieldValue(byte) else { throw fault }
            if byte == UInt8(ascii: "\"") { return index + 1 }
            if byte == UInt8(ascii: "\\") {
                guard index + 1 < end, Octets.isFieldValue(bytes[index + 1]) else { throw fault }
                index += 1
            }
            index += 1
        }
        throw fault
    }
}
