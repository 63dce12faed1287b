/// The byte-level side of one connection: bytes in, heads and body pieces out. A pure state machine.
///
/// However the bytes are split, the events are the same (RFC 9112 §2). No byte is looked for a line's end twice. After
/// a fault it answers that fault for ever: nothing behind broken framing is trusted.
///
/// Not copyable: it holds what a connection has received, and a copy would be a second reader of the same bytes.
package struct RequestParser: ~Copyable, Sendable {
    package enum Event: Hashable, Sendable {
        case needMore
        case head(RequestHead)
        /// A piece of the body, never empty.
        case body([UInt8])
        /// The request is complete; what follows is the next one.
        case end
        case fault(RequestFault)
    }

    private enum Place: Hashable, Sendable {
        case requestLine
        case fields
        case fixedBody(remaining: Int)
        case chunkedBody(ChunkedDecoder)
        case broken(RequestFault)
    }

    /// Bytes after which a buffer's spent front is dropped.
    private static let compactionBytes = 16_384
    /// A buffer that is larger than its content by more than this is exchanged for one that fits.
    private static let keptBytes = 1_024
    /// A spare buffer that has grown beyond this is given back to the system.
    private static let spareBytesMaximum = 131_072
    /// RFC 9112 §2.2: at least one empty line before a request line is ignored; more than two is not an accident.
    private static let leadingEmptyLinesMaximum = 2
    /// As many as most clients send: the fields' storage is made once.
    private static let fieldsExpected = 12

    private let limits: RequestLimits
    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var place = Place.requestLine
    private var emptyLines = 0
    private var line: RequestLine?
    private var fields = HTTPFields()
    private var framing = Framing()
    private var fieldBytes = 0
    /// The last host that was found valid: a connection's requests mostly name the same one.
    private var knownHost: String?

    package init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
    }

    /// Bytes received and not yet given out.
    package var bufferedBytes: Int { buffer.count - start }

    /// The memory it holds for them.
    package var heldBytes: Int { buffer.capacity }

    /// Whether nothing of a next request has come: the connection may be closed without cutting anything off.
    package var isBetweenRequests: Bool { start == buffer.count && emptyLines == 0 && place == .requestLine }

    /// The length left of a body of known length; nil for a chunked one or between bodies.
    package var remainingBodyBytes: Int? {
        guard case .fixedBody(let remaining) = place else { return nil }
        return remaining
    }

    /// What the chunk in hand has still to bring; 0 between chunks and for every other body.
    package var announcedChunkBytes: Int {
        guard case .chunkedBody(let decoder) = place else { return 0 }
        return decoder.remainingBytes
    }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) {
        makeRoom()
        buffer.append(contentsOf: bytes)
    }

    package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        makeRoom()
        buffer.append(contentsOf: bytes)
    }

    /// Takes the reader's one spare buffer when it has none of its own: requests that come whole are parsed in memory
    /// that is at hand, and a connection that waits holds none.
    package mutating func lend(_ spare: inout [UInt8]) {
        if buffer.capacity == 0 { swap(&buffer, &spare) }
    }

    /// Gives the buffer back; what is left of a request goes into one of its size.
    package mutating func settle(_ spare: inout [UInt8]) {
        guard start == buffer.count || buffer.capacity - bufferedBytes > Self.keptBytes else { return }
        let rest = Array(buffer[start...])
        if spare.capacity == 0, buffer.capacity <= Self.spareBytesMaximum {
            buffer.removeLast(buffer.count)
            swap(&buffer, &spare)
        }
        buffer = rest
        start = 0
    }

    private mutating func makeRoom() {
        if start == buffer.count {
            start = 0
            buffer.removeLast(buffer.count)
        } else if start >= Self.compactionBytes {
            buffer.removeFirst(start)
            start = 0
        }
    }

    /// Everything that came behind the last request, for a connection that goes on in another protocol.
    package mutating func takeRest() -> [UInt8] {
        let rest = Array(buffer[start...])
        buffer = []
        start = 0
        return rest
    }

    package mutating func next() -> Event {
        do {
            while true {
                if let event = try step() { return event }
            }
        } catch {
            place = .broken(error)
            buffer = []
            start = 0
            return .fault(error)
        }
    }

    private mutating func step() throws(RequestFault) -> Event? {
        switch place {
        case .requestLine: try readRequestLine()
        case .fields: try readFields()
        case .fixedBody(let remaining): readFixedBody(remaining)
        case .chunkedBody(let decoder): try readChunkedBody(decoder)
        case .broken(let fault): throw fault
        }
    }

    // MARK: The head

    private mutating func readRequestLine() throws(RequestFault) -> Event? {
        guard let end = try endOfRequestLine() else { return .needMore }
        if end == start {
            consume(through: end + 1)
            emptyLines += 1
            guard emptyLines <= Self.leadingEmptyLinesMaximum else { throw .malformed("Empty lines, no request.") }
            return nil
        }
        line = try RequestLine(buffer.span, start..<end)
        consume(through: end + 1)
        place = .fields
        fields.reserveCapacity(Self.fieldsExpected)
        return nil
    }

    /// - Returns: where the line's CR stands; nil while its CRLF has not come.
    private mutating func endOfRequestLine() throws(RequestFault) -> Int? {
        let limit = start + limits.requestLineBytesMaximum
        let found = try Self.endOfRequestLine(buffer.span, from: start + scanned, limit: limit)
        scanned = found.index - start
        return found.isComplete ? found.index : nil
    }

    /// Each byte is judged as it comes: TLS or other garbage is refused at once, not when the time is up.
    private static func endOfRequestLine(
        _ bytes: Span<UInt8>, from start: Int, limit: Int
    ) throws(RequestFault) -> (index: Int, isComplete: Bool) {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == Octets.carriageReturn {
                guard index + 1 < bytes.count else { break }
                guard bytes[index + 1] == Octets.lineFeed else { throw .malformed("A bare CR in the request line.") }
                return (index, true)
            }
            guard index < limit else { throw lineTooLong }
            guard byte > 0x1F, byte < 0x7F else {
                throw .malformed(
                    byte == Octets.lineFeed
                        ? "The request line must end with CRLF."
                        : "The request line holds a byte that is no visible ASCII.")
            }
            index += 1
        }
        return (index, false)
    }

    private mutating func readFields() throws(RequestFault) -> Event? {
        while true {
            let limit = min(limits.fieldBytesMaximum, limits.fieldsBytesMaximum - fieldBytes) + 2
            guard let feed = buffer.span.firstIndex(of: Octets.lineFeed, in: (start + scanned)..<buffer.count) else {
                scanned = buffer.count - start
                guard scanned < limit else { throw Self.fieldsTooLarge }
                return .needMore
            }
            let length = feed - start + 1
            guard length <= limit else { throw Self.fieldsTooLarge }
            guard length >= 2, buffer[feed - 1] == Octets.carriageReturn else {
                throw .malformed("A field line must end with CRLF.")
            }
            let content = start..<(feed - 1)
            consume(through: feed)
            if content.isEmpty { return .head(try finishHead()) }
            fieldBytes += length
            guard fields.fields.count < limits.fieldCountMaximum else { throw Self.fieldsTooLarge }
            let field = try FieldLine.parse(buffer.span, content)
            framing.note(field)
            fields.append(field)
        }
    }

    private mutating func finishHead() throws(RequestFault) -> RequestHead {
        guard let line = line.take() else { throw .malformed("No request line.") }
        let minorVersion = line.minorVersion
        try framing.checkHost(minorVersion: minorVersion, known: &knownHost)
        let body = try framing.body(minorVersion: minorVersion)
        let expectsContinue = try framing.expectsContinue(minorVersion: minorVersion)
        let isPersistent = framing.isPersistent(minorVersion: minorVersion)
        if let authority = line.authority { fields["host"] = authority }
        var taken = HTTPFields()
        swap(&taken, &fields)
        framing = Framing()
        fieldBytes = 0
        emptyLines = 0
        switch body {
        case .none: place = .fixedBody(remaining: 0)
        case .length(let bytes): place = .fixedBody(remaining: bytes)
        case .chunked: place = .chunkedBody(ChunkedDecoder(limits: limits))
        }
        return RequestHead(
            method: line.method, path: line.path, query: line.query, fields: taken, minorVersion: minorVersion,
            framing: body, isPersistent: isPersistent,
            // RFC 9110 §10.1.1: no 100 for a request without a body.
            expectsContinue: expectsContinue && body != .none)
    }

    // MARK: The body

    private mutating func readFixedBody(_ remaining: Int) -> Event {
        if remaining == 0 {
            place = .requestLine
            return .end
        }
        let count = min(remaining, bufferedBytes)
        guard count > 0 else { return .needMore }
        place = .fixedBody(remaining: remaining - count)
        return .body(take(count))
    }

    private mutating func readChunkedBody(_ before: ChunkedDecoder) throws(RequestFault) -> Event? {
        var decoder = before
        let step = try decoder.step(buffer.span, start..<buffer.count)
        place = .chunkedBody(decoder)
        switch step {
        case .needMore: return .needMore
        case .skip(let count):
            start += count
            return nil
        case .data(let count): return .body(take(count))
        case .end(let count):
            start += count
            place = .requestLine
            return .end
        }
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        if start == 0, count == buffer.count, buffer.capacity - count <= Self.keptBytes {
            // A whole piece: handed over without a copy.
            defer { buffer = [] }
            return buffer
        }
        defer { start += count }
        return Array(buffer[start..<(start + count)])
    }

    private mutating func consume(through index: Int) {
        start = index + 1
        scanned = 0
    }

    private static let lineTooLong = RequestFault(
        status: 414, code: "request-line-too-long", detail: "The request line is too long.")
    private static let fieldsTooLarge = RequestFault(
        status: 431, code: "header-too-large", detail: "The header fields are too large or too many.")
}
