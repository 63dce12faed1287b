/// `Accept-Encoding` (RFC 9110 §12.5.3): whether a client would rather have an answer as gzip.
package enum AcceptEncoding {
    /// - Parameter lines: the field's lines in order, together one list. None, or nothing about gzip: as it is.
    /// - Returns: false also where the client refuses every form, because then a server may send it uncoded.
    package static func prefersGzip(_ lines: [String]) -> Bool {
        var gzip: Int?
        var identity: Int?
        var anything: Int?
        for line in lines {
            for member in Array(line.utf8).split(separator: UInt8(ascii: ",")) {
                let parts = member.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
                guard let name = parts.first.map({ OptionalWhitespace.trimmed($0).map(Octets.lowercased) }),
                    let weight = weight(parts.dropFirst())
                else { continue }
                switch String(decoding: name, as: UTF8.self) {
                // Two names for one coding (§8.4.1.3): the better wish counts.
                case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
                case "identity": identity = weight
                case "*": anything = weight
                default: break
                }
            }
        }
        let wish = gzip ?? anything ?? 0
        return wish > 0 && wish >= (identity ?? 0)
    }

    /// `;q=0.8` in thousandths (§12.4.2), 1000 without it; nil for what is no weight.
    private static func weight(_ parameters: ArraySlice<ArraySlice<UInt8>>) -> Int? {
        guard let parameter = parameters.first else { return 1_000 }
        let text = OptionalWhitespace.trimmed(parameter)
        guard parameters.count == 1, text.count >= 3, Octets.lowercased(text[text.startIndex]) == UInt8(ascii: "q"),
            text[text.startIndex + 1] == UInt8(ascii: "=")
        else { return nil }
        let value = text.dropFirst(2)
        let decimals = value.dropFirst(2)
        guard let whole = value.first, whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1"),
            value.count == 1 || value[value.startIndex + 1] == UInt8(ascii: "."), decimals.count <= 3,
            decimals.allSatisfy(Octets.isDigit)
        else { return nil }
        var thousandths = Int(whole - 0x30) * 1_000
        var unit = 100
        for digit in decimals {
            thousandths += Int(digit - 0x30) * unit
            unit /= 10
        }
        return thousandths <= 1_000 ? thousandths : nil
    }
}
