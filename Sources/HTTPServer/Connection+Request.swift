import EventLoop
import HTTPWire
import Logging
import Synchronization

/// Serving: each request is handed to one of the server's tasks, and its answer sent as far as the socket takes it.
extension Connection: RequestLimiter {
    /// Answers the request at once where no handler has to wait, else queues it for a task.
    func serve(_ head: RequestHead) {
        requestNumber &+= 1
        facts = RequestFacts(
            isHead: head.method == .head, minorVersion: head.minorVersion, framing: head.framing,
            expectsContinue: head.expectsContinue)
        isAnswered = false
        hasTimeRunOut.store(false, ordering: .relaxed)
        hasSentContinue = false
        bodyReceivedBytes = 0
        bodyLimitBytes = .max
        // Takes the parser's end-of-request: nothing is left to read.
        if head.framing == .none { _ = parser.next() }
        if server.isDraining { life.noteDrain() }
        guard !server.isOverloaded(for: head.path) else { return answerOverloaded() }
        var request = HTTPRequest(
            method: head.method, path: head.path, query: head.query, fields: head.fields,
            body: body(of: head, number: requestNumber), peerAddress: peerAddress.isEmpty ? nil : peerAddress,
            limiter: self)
        request.minorVersion = head.minorVersion
        switch server.responder(request) {
        case .now(let response):
            server.servedOne()
            switch response.body {
            case .bytes: answer(response, to: requestNumber)
            case .stream: handleLater { response }
            }
        case .later(let handler): handleLater(handler)
        }
    }

    private func handleLater(_ handler: @escaping @Sendable () async -> HTTPResponse) {
        self.handler = handler
        if hasReadEnd {
            life.timers.limitGone(now: now)
            armTimer()
        }
        server.serveSoon(self)
    }

    /// Goes through the requests that are there; on the loop, in a task of `HandlerTasks`.
    func work(by worker: HandlerTasks.Worker) async {
        isAtWork = true
        var count = 0
        repeat {
            await runHandler(by: worker)
            guard server.loop.isCurrent else { return }
            count += 1
        } while handler != nil && count < Self.requestsInRowMaximum && server.mayHandle && !Task.isCancelled
        isAtWork = false
        if handler != nil { server.serveOn(self) }
    }

    private func runHandler(by worker: HandlerTasks.Worker) async {
        guard let handler = handler.take() else { return }
        let number = requestNumber
        self.worker = worker
        server.handledOne()
        let response = await handler()
        // The loop has stopped meanwhile: this is some other thread, and nobody waits for the answer.
        guard server.loop.isCurrent else { return }
        switch response.body {
        case .bytes: answer(response, to: number)
        case .stream(_, let next): await answer(response, streaming: next, to: number)
        }
        server.requestEnded()
    }

    private func body(of head: RequestHead, number: UInt64) -> HTTPBody {
        switch head.framing {
        case .none: .empty
        case .length(let bytes): HTTPBody(lengthBytes: bytes) { try await self.nextPiece(of: number) }
        case .chunked: HTTPBody(lengthBytes: nil) { try await self.nextPiece(of: number) }
        }
    }

    // MARK: The answer

    private static let streamedInRowBytesMaximum = 262_144

    private func answer(_ response: HTTPResponse, to number: UInt64) {
        if response.cutsConnection {
            if number == requestNumber { abort() }
        } else if let upgrade = response.upgrade {
            becomeWebSocket(upgrade, answer: response, number: number)
        } else if beginAnswer(response, to: number) != nil {
            endAnswer()
        }
    }

    private func answer(
        _ response: HTTPResponse, streaming next: @Sendable () async throws -> [UInt8]?, to number: UInt64
    ) async {
        guard let encoding = beginAnswer(response, to: number) else { return }
        if encoding != .none {
            guard await sendStream(next, encoding: encoding, number: number) else { return }
        }
        endAnswer()
    }

    /// Sends head and, for bytes, body.
    /// - Returns: nil when there is nobody to answer any more, or another answer had to be given.
    private func beginAnswer(_ response: HTTPResponse, to number: UInt64) -> ResponseEncoder.BodyEncoding? {
        server.loop.preconditionCurrent()
        guard number == requestNumber, !isClosed, !isAnswered else { return nil }
        isAnswered = true
        life.timers.answered()
        if facts.framing != .none { noteUnreadBody() }
        let encoding = ResponseEncoder.bodyEncoding(
            of: response, isHead: facts.isHead, minorVersion: facts.minorVersion)
        let mustClose = life.mustClose(
            remainingBodyBytes: parser.remainingBodyBytes ?? parser.announcedChunkBytes,
            hasMoreInput: parser.bufferedBytes > 0)
        let isClosing = encoding == .untilClose || mustClose
        guard appendHead(of: response, minorVersion: facts.minorVersion, isClosing: isClosing) else {
            refuseAnswer()
            return nil
        }
        isAnsweringLast = isClosing
        if case .bytes(let bytes) = response.body, encoding != .none { append(bytes) }
        return encoding
    }

    /// A body that has come whole and unread does not need to cost the connection.
    private func noteUnreadBody() {
        guard case .length = facts.framing, let remaining = parser.remainingBodyBytes,
            remaining <= parser.bufferedBytes, remaining <= server.configuration.discardBytesMaximum
        else { return }
        _ = life.handle(.bodyBegan, now: now)
    }

    private func endAnswer() {
        worker = nil
        obey(life.handle(.answered(isClosing: isAnsweringLast), now: now))
        server.flushSoon(self)
    }

    func refuseAnswer() {
        sendOwn(RequestFault(status: 500, code: "internal", detail: "The answer could not be sent."))
    }

    /// An answer of the server's own in the handler's stead; the last one.
    private func sendOwn(_ fault: RequestFault, retryAfterSeconds: Int? = nil) {
        let response = server.problem(fault, retryAfterSeconds: retryAfterSeconds)
        isAnswered = true
        isAnsweringLast = true
        _ = appendHead(of: response, minorVersion: 1, isClosing: true)
        if !facts.isHead { append(response.bodyBytes ?? []) }
        endAnswer()
    }

    /// Too much to do: said at once, and the connection may stay, for the next request may be served.
    func answerOverloaded() {
        server.noteOverload()
        server.servedOne()
        let fault = RequestFault(status: 503, code: "overloaded", detail: "The server is busy; try again later.")
        let response = server.problem(fault, retryAfterSeconds: server.configuration.retryAfterSeconds)
        guard beginAnswer(response, to: requestNumber) != nil else { return }
        endAnswer()
    }

    /// Pulls the pieces one by one as the socket takes them.
    /// - Returns: false when the connection had to be cut: the body broke off, or was not as long as announced.
    private func sendStream(
        _ next: @Sendable () async throws -> [UInt8]?, encoding: ResponseEncoder.BodyEncoding, number: UInt64
    ) async -> Bool {
        var sentBytes = 0
        var sentInRowBytes = 0
        do {
            while let piece = try await next() {
                guard number == requestNumber, !isClosed else { return false }
                sentBytes += piece.count
                if case .length(let announced) = encoding, sentBytes > announced {
                    throw StreamLengthMismatch()
                }
                if encoding == .chunked { appendChunk(piece) } else { append(piece) }
                if unsentBytes >= OutputQueue.largeBytes { flush() }
                sentInRowBytes += piece.count
                if unsentBytes >= server.configuration.outputBytesMaximum {
                    await outputToGo()
                    sentInRowBytes = 0
                } else if sentInRowBytes >= Self.streamedInRowBytesMaximum {
                    // A stream that is always ready, to a client that takes all: the others have their turn, too.
                    sentInRowBytes = 0
                    await Task.yield()
                }
            }
            if case .length(let announced) = encoding, sentBytes != announced { throw StreamLengthMismatch() }
        } catch {
            server.logger.warning("a streamed answer broke off", metadata: ["reason": "\(type(of: error))"])
            abort()
            return false
        }
        guard number == requestNumber, !isClosed else { return false }
        if encoding == .chunked { append(ResponseEncoder.lastChunk) }
        return true
    }

    private func outputToGo() async {
        await withCheckedContinuation { continuation in
            if isClosed || output.isEmpty { return continuation.resume() }
            outputWait = continuation
        }
    }

    // MARK: The handler's time

    /// Called on the loop, when the handler begins.
    func limit(bodyBytes: Int, handlerSeconds: Double) {
        server.loop.preconditionCurrent()
        guard life.phase == .serving, !isAnswered, !isClosed else { return }
        bodyLimitBytes = bodyBytes
        life.timers.limitHandler(toNanoseconds: HTTPServerConfiguration.nanoseconds(handlerSeconds), now: now)
        armTimer()
    }

    var isTimeUp: Bool { hasTimeRunOut.load(ordering: .relaxed) }

    func handlerTimeIsUp() {
        hasTimeRunOut.store(true, ordering: .relaxed)
        worker?.task?.cancel()
        life.timers.limitHandlerGrace(now: now)
    }

    /// The handler has not heeded its cancellation: the client gets its answer all the same.
    func answerForHandler() {
        guard life.phase == .serving, !isAnswered else { return }
        _ = life.handle(.bodyBroken, now: now)
        failBodyWait(CancellationError())
        server.logger.error("a handler goes on after its time")
        sendOwn(
            RequestFault(status: 503, code: "handler-timeout", detail: "This took too long; try again later."),
            retryAfterSeconds: server.configuration.retryAfterSeconds)
    }
}

private struct StreamLengthMismatch: Error {}
