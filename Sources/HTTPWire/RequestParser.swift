/// The byte-level side of one connection: bytes in, heads and body pieces out. A pure state machine.
///
/// However the bytes are split, the events are the same (RFC 9112 §2). No byte is looked for a line's end twice. After
/// a fault it answers that fault for ever: nothing behind broken framing is trusted.
package struct RequestParser: Sendable {
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
    /// RFC 9112 §2.2: at least one empty line before a request line is ignored; more than two is not an accident.
    private static let leadingEmptyLinesMaximum = 2

    private let limits: RequestLimits
    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var place = Place.requestLine
    private var emptyLines = 0
    private var line: RequestLine?
    private var fields = HTTPFields()
    private var fieldBytes = 0

    package init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
    }

    /// Bytes received and not yet given out.
    package var bufferedBytes: Int { buffer.count - start }

    /// Whether nothing of a next request has come: the connection may be closed without cutting anything off.
    package var isBetweenRequests: Bool { place == .requestLine && bufferedBytes == 0 && emptyLines == 0 }

    /// The length left of a body of known length; nil for a chunked one or between bodies.
    package var remainingBodyBytes: Int? {
        guard case .fixedBody(let remaining) = place else { return nil }
        return remaining
    }

    package mutating func receive(_ bytes: ArraySlice<UInt8>) {
        if start > 0, start == buffer.count || start >= Self.compactionBytes {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
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
        case .fields: try readField()
        case .fixedBody(let remaining): readFixedBody(remaining)
        case .chunkedBody(let decoder): try readChunkedBody(decoder)
        case .broken(let fault): throw fault
        }
    }

    // MARK: The head

    private mutating func readRequestLine() throws(RequestFault) -> Event? {
        let limit = limits.requestLineBytesMaximum + 2
        // Each byte is judged as it comes: TLS or other garbage is refused at once, not when the time is up.
        var index = start + scanned
        while index < buffer.count {
            let byte = buffer[index]
            guard index - start < limit else { throw Self.lineTooLong }
            if byte == Octets.lineFeed { break }
            // A CR that is the last byte so far is judged when its successor is there.
            if byte == Octets.carriageReturn {
                if index + 1 == buffer.count { break }
                guard buffer[index + 1] == Octets.lineFeed else { throw .malformed("A bare CR in the request line.") }
            } else if byte < Octets.space || byte >= 0x7F {
                throw .malformed("The request line holds a byte that is no visible ASCII.")
            }
            index += 1
        }
        scanned = index - start
        guard index < buffer.count, buffer[index] == Octets.lineFeed else {
            guard scanned < limit else { throw Self.lineTooLong }
            return .needMore
        }
        guard index > start, buffer[index - 1] == Octets.carriageReturn else {
            throw .malformed("The request line must end with CRLF.")
        }
        let content = buffer[start..<(index - 1)]
        consume(through: index)
        if content.isEmpty {
            emptyLines += 1
            guard emptyLines <= Self.leadingEmptyLinesMaximum else { throw .malformed("Empty lines, no request.") }
            return nil
        }
        line = try RequestLine(content)
        place = .fields
        return nil
    }

    private mutating func readField() throws(RequestFault) -> Event? {
        let limit = limits.fieldsBytesMaximum - fieldBytes + 2
        guard let feed = buffer[(start + scanned)...].firstIndex(of: Octets.lineFeed) else {
            scanned = buffer.count - start
            guard scanned < limit else { throw Self.fieldsTooLarge }
            return .needMore
        }
        let length = feed - start + 1
        guard length <= limit else { throw Self.fieldsTooLarge }
        guard length >= 2, buffer[feed - 1] == Octets.carriageReturn else {
            throw .malformed("A field line must end with CRLF.")
        }
        let content = buffer[start..<(feed - 1)]
        consume(through: feed)
        if content.isEmpty { return .head(try finishHead()) }
        fieldBytes += length
        guard fields.fields.count < limits.fieldCountMaximum else { throw Self.fieldsTooLarge }
        fields.append(try FieldLine.parse(content))
        return nil
    }

    private mutating func finishHead() throws(RequestFault) -> RequestHead {
        guard let line else { throw .malformed("No request line.") }
        try Framing.checkHost(fields, line: line)
        let framing = try Framing.body(of: fields, minorVersion: line.minorVersion)
        var expectsContinue = try Framing.expectsContinue(fields, minorVersion: line.minorVersion)
        // RFC 9110 §10.1.1: no 100 for a request without a body.
        if framing == .none { expectsContinue = false }
        if let authority = line.authority { fields["host"] = authority }
        let head = RequestHead(
            method: line.method, path: line.path, query: line.query, fields: fields, minorVersion: line.minorVersion,
            framing: framing, isPersistent: Framing.isPersistent(fields, minorVersion: line.minorVersion),
            expectsContinue: expectsContinue)
        switch framing {
        case .none: place = .fixedBody(remaining: 0)
        case .length(let bytes): place = .fixedBody(remaining: bytes)
        case .chunked: place = .chunkedBody(ChunkedDecoder(limits: limits))
        }
        self.line = nil
        fields = HTTPFields()
        fieldBytes = 0
        emptyLines = 0
        return head
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
        let step = try decoder.step(buffer[start...])
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
        if start == 0, count == buffer.count {
            // The usual case, a whole piece: handed over without a copy.
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
