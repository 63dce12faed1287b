/// The chunked coding (RFC 9112 §7.1), one line or one run of data at a time.
///
/// Every terminator is CRLF and nothing else: bare LF, bare CR and stray bytes have each been a smuggling bug.
struct ChunkedDecoder: Hashable, Sendable {
    enum Step: Hashable {
        /// So many bytes of the input are done and mean nothing to the handler.
        case skip(Int)
        /// So many bytes of the input are data.
        case data(Int)
        case needMore
        /// The last chunk and its trailer are read; the input from here on belongs to the next request.
        case end(Int)
    }

    private enum Place: Hashable, Sendable {
        case sizeLine
        case data(remaining: Int)
        case dataCarriageReturn
        case dataLineFeed
        case trailer
        case ended
    }

    private let limits: RequestLimits
    private var place = Place.sizeLine
    /// Bytes of the unfinished line that hold no LF: never looked at twice.
    private var scanned = 0
    private var overheadBytes = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    init(limits: RequestLimits) {
        self.limits = limits
    }

    /// What the front of the input means; the caller consumes that many bytes and asks again.
    mutating func step(_ input: ArraySlice<UInt8>) throws(RequestFault) -> Step {
        guard let first = input.first else { return place == .ended ? .end(0) : .needMore }
        switch place {
        case .sizeLine: return try sizeLine(input)
        case .trailer: return try trailerLine(input)
        case .ended: return .end(0)
        case .data(let remaining):
            let count = min(remaining, input.count)
            place = count == remaining ? .dataCarriageReturn : .data(remaining: remaining - count)
            return .data(count)
        case .dataCarriageReturn:
            guard first == Octets.carriageReturn else { throw .malformed("A chunk is longer than it said.") }
            place = .dataLineFeed
            return .skip(1)
        case .dataLineFeed:
            guard first == Octets.lineFeed else { throw .malformed("A chunk must end with CRLF.") }
            place = .sizeLine
            return .skip(1)
        }
    }

    private mutating func sizeLine(_ input: ArraySlice<UInt8>) throws(RequestFault) -> Step {
        let limit = 16 + limits.chunkExtensionBytesMaximum + 2
        guard let line = try line(input, limit: limit, .malformed("A chunk's size line is too long.")) else {
            return .needMore
        }
        let size = try chunkSize(line)
        place = size == 0 ? .trailer : .data(remaining: size)
        return .skip(line.count + 2)
    }

    /// 1 to 16 hex digits, then nothing or extensions (`*( BWS ";" BWS ext )`), which are dropped.
    private mutating func chunkSize(_ line: ArraySlice<UInt8>) throws(RequestFault) -> Int {
        var size = 0
        var index = line.startIndex
        while index < line.endIndex, let digit = Octets.hexValue(line[index]) {
            // 2^59 leaves room for the shift: no overflow, and no body is that long.
            guard index - line.startIndex < 16, size < 1 << 59 else { throw .malformed("A chunk's size is too large.") }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > line.startIndex else { throw .malformed("A chunk's size is not a hexadecimal number.") }
        let rest = line[index...]
        overheadBytes += rest.count
        guard overheadBytes <= limits.chunkOverheadBytesMaximum, rest.count <= limits.chunkExtensionBytesMaximum else {
            throw .malformed("Too many chunk extensions.")
        }
        if !rest.isEmpty {
            guard FieldLine.trimmed(rest).first == UInt8(ascii: ";"), rest.allSatisfy(Octets.isFieldValue) else {
                throw .malformed("A chunk's size is followed by something that is no extension.")
            }
        }
        return size
    }

    /// Trailers obey the header's rules and are dropped: none of them could be trusted after the fact (RFC 9110 §6.5).
    private mutating func trailerLine(_ input: ArraySlice<UInt8>) throws(RequestFault) -> Step {
        let tooLarge = RequestFault(status: 431, code: "trailer-too-large", detail: "The trailer is too large.")
        guard let line = try line(input, limit: limits.trailerBytesMaximum - trailerBytes, tooLarge) else {
            return .needMore
        }
        trailerBytes += line.count + 2
        if line.isEmpty {
            place = .ended
            return .end(2)
        }
        trailerCount += 1
        guard trailerCount <= limits.fieldCountMaximum else { throw tooLarge }
        _ = try FieldLine.parse(line)
        return .skip(line.count + 2)
    }

    /// The next line without its CRLF, nil when it is not complete.
    private mutating func line(
        _ input: ArraySlice<UInt8>, limit: Int, _ tooLong: RequestFault
    ) throws(RequestFault) -> ArraySlice<UInt8>? {
        let unseen = input.dropFirst(scanned)
        guard let feed = unseen.firstIndex(of: Octets.lineFeed) else {
            scanned = input.count
            guard scanned < limit else { throw tooLong }
            return nil
        }
        scanned = 0
        let length = feed - input.startIndex + 1
        guard length <= limit else { throw tooLong }
        guard length >= 2, input[feed - 1] == Octets.carriageReturn else {
            throw .malformed("A line of the chunked body must end with CRLF.")
        }
        return input[..<(feed - 1)]
    }
}
