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

    /// What is still to come of the chunk in hand.
    var remainingBytes: Int {
        guard case .data(let remaining) = place else { return 0 }
        return remaining
    }

    /// What the front of the input means; the caller consumes that many bytes and asks again.
    mutating func step(_ bytes: Span<UInt8>, _ input: Range<Int>) throws(RequestFault) -> Step {
        guard !input.isEmpty else { return place == .ended ? .end(0) : .needMore }
        let first = bytes[input.lowerBound]
        switch place {
        case .sizeLine: return try sizeLine(bytes, input)
        case .trailer: return try trailerLine(bytes, input)
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

    private mutating func sizeLine(_ bytes: Span<UInt8>, _ input: Range<Int>) throws(RequestFault) -> Step {
        let limit = 16 + limits.chunkExtensionBytesMaximum + 2
        let tooLong = RequestFault.malformed("A chunk's size line is too long.")
        guard let line = try line(bytes, input, limit: limit, tooLong) else { return .needMore }
        let size = try chunkSize(bytes, line)
        place = size == 0 ? .trailer : .data(remaining: size)
        return .skip(line.count + 2)
    }

    /// 1 to 16 hex digits, then nothing or extensions, which are checked and dropped.
    private mutating func chunkSize(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestFault) -> Int {
        var size = 0
        var index = line.lowerBound
        while index < line.upperBound, let digit = Octets.hexValue(bytes[index]) {
            // 2^59 leaves room for the shift: no overflow, and no body is that long.
            guard index - line.lowerBound < 16, size < 1 << 59 else {
                throw .malformed("A chunk's size is too large.")
            }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > line.lowerBound else { throw .malformed("A chunk's size is not a hexadecimal number.") }
        let rest = index..<line.upperBound
        overheadBytes += rest.count
        guard overheadBytes <= limits.chunkOverheadBytesMaximum, rest.count <= limits.chunkExtensionBytesMaximum else {
            throw .malformed("Too many chunk extensions.")
        }
        if !rest.isEmpty { try ChunkExtensions.check(bytes, rest) }
        return size
    }

    /// Trailers obey the header's rules and are dropped: none of them could be trusted after the fact (RFC 9110 §6.5).
    private mutating func trailerLine(_ bytes: Span<UInt8>, _ input: Range<Int>) throws(RequestFault) -> Step {
        let tooLarge = RequestFault(status: 431, code: "trailer-too-large", detail: "The trailer is too large.")
        guard let line = try line(bytes, input, limit: limits.trailerBytesMaximum - trailerBytes, tooLarge) else {
            return .needMore
        }
        trailerBytes += line.count + 2
        if line.isEmpty {
            place = .ended
            return .end(2)
        }
        trailerCount += 1
        guard trailerCount <= limits.fieldCountMaximum else { throw tooLarge }
        let field = try FieldLine.parse(bytes, line)
        // RFC 9110 §6.5.1: a trailer must not say what frames, routes or authenticates the message.
        guard !Self.forbiddenTrailers.contains(field.name) else {
            throw .malformed("A trailer must not hold \(field.name).")
        }
        return .skip(line.count + 2)
    }

    private static let forbiddenTrailers: Set<String> = [
        "transfer-encoding", "content-length", "host", "trailer", "connection", "expect", "authorization",
        "content-encoding", "content-type", "content-range", "cookie", "te", "upgrade",
    ]

    /// The next line without its CRLF, nil when it is not complete.
    private mutating func line(
        _ bytes: Span<UInt8>, _ input: Range<Int>, limit: Int, _ tooLong: RequestFault
    ) throws(RequestFault) -> Range<Int>? {
        guard
            let feed = bytes.firstIndex(
                of: Octets.lineFeed, in: (input.lowerBound + scanned)..<input.upperBound)
        else {
            scanned = input.count
            guard scanned < limit else { throw tooLong }
            return nil
        }
        scanned = 0
        let length = feed - input.lowerBound + 1
        guard length <= limit else { throw tooLong }
        guard length >= 2, bytes[feed - 1] == Octets.carriageReturn else {
            throw .malformed("A line of the chunked body must end with CRLF.")
        }
        return input.lowerBound..<(feed - 1)
    }
}
