import HTTPServer
import HTTPWire
import Kernel
import Routing
import Synchronization

/// Parser, routes and encoder joined by the shortest way: what a case comes to without a socket, a loop or a clock.
///
/// Whenever more has been sent, the whole exchange is worked out anew from its first byte: nothing is kept between.
final class InProcessChannel: ByteChannel {
    private(set) var received: [UInt8] = []
    private(set) var hasEnded = false
    let wasReset = false
    private let gateway: Gateway
    private var pieces: [[UInt8]] = []
    private var isFinished = false
    private var isStale = false

    init(gateway: Gateway) {
        self.gateway = gateway
    }

    func send(_ bytes: [UInt8]) {
        pieces.append(bytes)
        isStale = true
    }

    func finishSending() {
        isFinished = true
        isStale = true
    }

    func poll() async {
        guard isStale else { return }
        isStale = false
        let exchange = InProcessExchange(gateway: gateway, pieces: pieces, isFinished: isFinished)
        (received, hasEnded) = await exchange.run()
    }
}

/// One connection from its first byte to its last.
private final class InProcessExchange: Sendable {
    private struct State: ~Copyable {
        var parser = RequestParser()
        var pieces: ArraySlice<[UInt8]>
        var output: [UInt8] = []
        var head: RequestHead?
        var hasReadBody = false
        var isBodyEnded = false
        var isBodyBroken = false
        /// The handler wants what the client has not sent yet.
        var isWaiting = false
    }

    /// Of an unread body; beyond it the real server closes, too.
    private static let discardBytesMaximum = 262_144

    private let gateway: Gateway
    private let isFinished: Bool
    private let state: Mutex<State>

    init(gateway: Gateway, pieces: [[UInt8]], isFinished: Bool) {
        self.gateway = gateway
        self.isFinished = isFinished
        state = Mutex(State(pieces: pieces[...]))
    }

    func run() async -> (output: [UInt8], hasEnded: Bool) {
        while true {
            switch next() {
            case .needMore: return (output, isFinished)
            case .fault(let fault):
                refuse(fault)
                return (output, true)
            case .head(let head):
                guard let isClosing = await serve(head) else { return (output, false) }
                if isClosing { return (output, true) }
                switch discardBody() {
                case .end: continue
                case .needMore: return (output, isFinished)
                default: return (output, true)
                }
            case .body, .end: continue
            }
        }
    }

    private var output: [UInt8] { state.withLock { $0.output } }

    private func next() -> RequestParser.Event {
        state.withLock { state in
            while true {
                let event = state.parser.next()
                guard event == .needMore, let piece = state.pieces.popFirst() else { return event }
                state.parser.receive(piece[...])
            }
        }
    }

    /// - Returns: whether it was the last answer; nil when it has to wait for more of the body.
    private func serve(_ head: RequestHead) async -> Bool? {
        state.withLock { state in
            state.head = head
            state.hasReadBody = false
            state.isBodyEnded = false
        }
        let response = await gateway.respond(
            to: HTTPRequest(
                method: head.method, path: head.path, query: head.query, fields: head.fields, body: body(of: head)))
        let (isWaiting, isBroken, hasRead, remaining) = state.withLock {
            ($0.isWaiting, $0.isBodyBroken, $0.hasReadBody, $0.parser.remainingBodyBytes ?? 0)
        }
        if isWaiting { return nil }
        let encoding = ResponseEncoder.bodyEncoding(
            of: response, isHead: head.method == .head, minorVersion: head.minorVersion)
        let isClosing =
            !head.isPersistent || isBroken || head.expectsContinue && !hasRead || remaining > Self.discardBytesMaximum
            || encoding == .untilClose
        return await send(response, encoding: encoding, head: head, isClosing: isClosing)
    }

    private func body(of head: RequestHead) -> HTTPBody {
        switch head.framing {
        case .none:
            _ = next()
            state.withLock { $0.isBodyEnded = true }
            return .empty
        case .length(let bytes): return HTTPBody(lengthBytes: bytes) { try self.nextPiece() }
        case .chunked: return HTTPBody(lengthBytes: nil) { try self.nextPiece() }
        }
    }

    private func nextPiece() throws -> [UInt8]? {
        let isFirst = state.withLock { state in
            defer { state.hasReadBody = true }
            return !state.hasReadBody && state.head?.expectsContinue == true
        }
        if isFirst { state.withLock { $0.output += ResponseEncoder.continueBytes } }
        switch next() {
        case .body(let piece): return piece
        case .end:
            state.withLock { $0.isBodyEnded = true }
            return nil
        case .needMore where !isFinished:
            state.withLock { $0.isWaiting = true }
            throw HTTPBody.Failure.incomplete
        case .needMore, .head, .fault:
            state.withLock { $0.isBodyBroken = true }
            throw HTTPBody.Failure.incomplete
        }
    }

    private func discardBody() -> RequestParser.Event {
        if state.withLock({ $0.isBodyEnded }) { return .end }
        var discardedBytes = 0
        while discardedBytes <= Self.discardBytesMaximum {
            let event = next()
            guard case .body(let piece) = event else { return event }
            discardedBytes += piece.count
        }
        return .fault(RequestFault(status: 413, code: "unread-body", detail: "Too much of a body that nobody reads."))
    }

    // MARK: Answers

    private func send(
        _ response: HTTPResponse, encoding: ResponseEncoder.BodyEncoding, head: RequestHead, isClosing: Bool
    ) async -> Bool {
        var bytes: [UInt8] = []
        do {
            try ResponseEncoder.appendHead(
                of: response, minorVersion: head.minorVersion, date: Self.date,
                isClosing: isClosing, to: &bytes)
            switch response.body {
            case .bytes(let body) where encoding != .none: bytes += body
            case .stream(_, let next) where encoding != .none:
                while let piece = try await next() {
                    if encoding == .chunked { ResponseEncoder.appendChunk(piece, to: &bytes) } else { bytes += piece }
                }
                if encoding == .chunked { bytes += ResponseEncoder.lastChunk }
            default: break
            }
        } catch {
            refuse(RequestFault(status: 500, code: "internal", detail: "The answer could not be sent."))
            return true
        }
        state.withLock { $0.output += bytes }
        return isClosing
    }

    private func refuse(_ fault: RequestFault) {
        let problem = Problem(code: fault.code, status: fault.status, detail: fault.detail)
        var response = problem.response(requestID: "in-process")
        response.fields["x-request-id"] = "in-process"
        var bytes: [UInt8] = []
        try? ResponseEncoder.appendHead(
            of: response, minorVersion: 1, date: Self.date, isClosing: true, to: &bytes)
        bytes += response.bodyBytes ?? []
        state.withLock { $0.output += bytes }
    }

    private static let date = DateLine(unixSeconds: 784_111_777)
}
