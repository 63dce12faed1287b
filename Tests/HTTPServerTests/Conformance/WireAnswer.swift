/// One answer, read strictly: what is not exactly an answer is a fault of the server's.
struct WireAnswer: Sendable {
    /// Everything that came over one connection.
    struct Reading: Sendable {
        var answers: [WireAnswer] = []
        /// `100 Continue` and its like.
        var interimCount = 0
        /// Behind the last whole answer.
        var rest: [UInt8] = []
        var complaint: String?
    }

    var status = 0
    var fields: [(name: String, value: String)] = []
    /// One scalar a byte, as in the cases.
    var body = ""

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// - Parameters:
    ///   - headAnswers: so many answers at the front have no body whatever their fields say.
    ///   - hasEnded: nothing more will come: an answer without a length ends here.
    static func read(_ bytes: [UInt8], headAnswers: Int, hasEnded: Bool) -> Reading {
        var reading = Reading()
        var rest = bytes[...]
        do {
            while let (answer, length) = try readHead(rest) {
                var answer = answer
                var next = rest.dropFirst(length)
                if (100..<200).contains(answer.status) {
                    reading.interimCount += 1
                } else {
                    let isBodiless = reading.answers.count < headAnswers || [204, 304].contains(answer.status)
                    guard let body = try body(of: answer, isBodiless: isBodiless, in: &next, hasEnded: hasEnded) else {
                        break
                    }
                    answer.body = body
                    reading.answers.append(answer)
                }
                rest = next
            }
        } catch {
            reading.complaint = error.text
        }
        reading.rest = Array(rest)
        return reading
    }

    private struct Malformed: Error { let text: String }

    private static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func readHead(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> (WireAnswer, length: Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = text(bytes[..<end.lowerBound]).unicodeScalars.split(separator: "\r\n".unicodeScalars).map(
            String.init)
        guard let match = lines[0].wholeMatch(of: /HTTP\/1\.1 ([1-5][0-9][0-9]) [\t -~]*/), let status = Int(match.1)
        else {
            throw Malformed(text: "no status line: \(lines[0])")
        }
        var answer = WireAnswer(status: status)
        for line in lines.dropFirst() {
            guard let match = line.wholeMatch(of: /([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t -~\u{80}-\u{FF}]*?)[ \t]*/)
            else {
                throw Malformed(text: "no field line: \(line)")
            }
            answer.fields.append((match.1.lowercased(), String(match.2)))
        }
        return (answer, end.upperBound - bytes.startIndex)
    }

    /// - Returns: nil when it has not come whole.
    private static func body(
        of answer: WireAnswer, isBodiless: Bool, in rest: inout ArraySlice<UInt8>, hasEnded: Bool
    ) throws(Malformed) -> String? {
        if isBodiless { return "" }
        if let coding = answer["transfer-encoding"] {
            guard coding == "chunked", answer["content-length"] == nil else {
                throw Malformed(text: "framed twice, or by \(coding)")
            }
            return try chunks(in: &rest)
        }
        guard let text = answer["content-length"] else {
            guard hasEnded else { return nil }
            defer { rest = rest.suffix(0) }
            return Self.text(rest)
        }
        guard let length = Int(text) else { throw Malformed(text: "Content-Length \(text)") }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return Self.text(rest.prefix(length))
    }

    private static func chunks(in rest: inout ArraySlice<UInt8>) throws(Malformed) -> String? {
        var body = ""
        var next = rest
        while let end = next.firstRange(of: Array("\r\n".utf8)) {
            let digits = text(next[..<end.lowerBound])
            guard let size = Int(digits, radix: 16) else { throw Malformed(text: "a chunk's size \(digits)") }
            next = next[end.upperBound...]
            guard next.count >= size + 2 else { return nil }
            body += text(next.prefix(size))
            guard next.dropFirst(size).prefix(2).elementsEqual("\r\n".utf8) else {
                throw Malformed(text: "no CRLF behind a chunk")
            }
            next = next.dropFirst(size + 2)
            if size == 0 {
                rest = next
                return body
            }
        }
        return nil
    }
}
