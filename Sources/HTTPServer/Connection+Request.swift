import EventLoop
import HTTPWire
import Logging

/// Serving: one task for each request, owned and cancelled by its connection.
extension Connection {
    func serve(_ head: RequestHead) {
        requestNumber &+= 1
        let number = requestNumber
        self.head = head
        isAnswered = false
        hasSentContinue = false
        bodyReceivedBytes = 0
        bodyWaitedNanoseconds = 0
        deadlines.phase = nil
        if hasReadEnd { setGoneDeadline() }
        var request = HTTPRequest(
            method: head.method, path: head.path, query: head.query, fields: head.fields,
            body: body(for: head, number: number), peerAddress: peerAddress,
            limitTime: { seconds in
                self.server.loop.execute { self.limitTime(of: number, toSeconds: seconds) }
            })
        request.minorVersion = head.minorVersion
        server.requestBegan()
        let task = Task.immediate(executorPreference: server.loop) {
            let response = await self.server.responder(request)
            await self.answer(response, to: number)
            self.server.loop.execute { self.server.requestEnded() }
        }
        // A handler that did not wait for anything has answered by now.
        if number == requestNumber, life.phase == .serving, !isClosed { self.task = task }
    }

    private func body(for head: RequestHead, number: UInt64) -> HTTPBody {
        switch head.framing {
        case .none:
            // Takes the parser's end-of-request: nothing is left to read.
            _ = parser.next()
            return .empty
        case .length(let bytes): return HTTPBody(lengthBytes: bytes) { try await self.nextPiece(of: number) }
        case .chunked: return HTTPBody(lengthBytes: nil) { try await self.nextPiece(of: number) }
        }
    }

    // MARK: The answer

    private func answer(_ response: HTTPResponse, to number: UInt64) async {
        if response.cutsConnection {
            if number == requestNumber { abort() }
            return
        }
        if let upgrade = response.upgrade { return becomeWebSocket(upgrade, answer: response, number: number) }
        guard let encoding = beginAnswer(response, to: number) else { return }
        if case .stream(_, let next) = response.body, encoding != .none {
            guard await sendStream(next, encoding: encoding, number: number) else { return }
        }
        endAnswer()
    }

    /// Sends head and, for bytes, body.
    /// - Returns: nil when there is nobody to answer any more, or another answer had to be given.
    private func beginAnswer(_ response: HTTPResponse, to number: UInt64) -> ResponseEncoder.BodyEncoding? {
        server.loop.preconditionCurrent()
        guard number == requestNumber, !isClosed, !isAnswered, let head else { return nil }
        isAnswered = true
        deadlines.handler = nil
        deadlines.handlerGrace = nil
        if head.framing != .none { noteUnreadBody() }
        let encoding = ResponseEncoder.bodyEncoding(
            of: response, method: head.method, minorVersion: head.minorVersion)
        let mustClose = life.mustClose(
            remainingBodyBytes: parser.remainingBodyBytes, hasMoreInput: parser.bufferedBytes > 0)
        let isClosing = encoding == .untilClose || mustClose
        guard appendHead(of: response, minorVersion: head.minorVersion, isClosing: isClosing) else {
            refuseAnswer()
            return nil
        }
        isAnsweringLast = isClosing
        if case .bytes(let bytes) = response.body, encoding != .none { append(bytes) }
        return encoding
    }

    /// A body that has come whole and unread does not need to cost the connection.
    private func noteUnreadBody() {
        guard let head, case .length = head.framing, let remaining = parser.remainingBodyBytes,
            remaining <= parser.bufferedBytes, remaining <= server.configuration.discardBytesMaximum
        else { return }
        _ = life.handle(.bodyBegan)
    }

    private func endAnswer() {
        task = nil
        deadlines.gone = nil
        let isClosing = isAnsweringLast
        obey(life.handle(.answered(isClosing: isClosing)))
        flush()
    }

    func refuseAnswer() {
        sendOwn(
            server.problem(
                RequestFault(status: 500, code: "internal", detail: "The answer could not be sent.")))
    }

    /// An answer of the server's own in the handler's stead; the last one.
    private func sendOwn(_ response: HTTPResponse) {
        isAnsweringLast = true
        _ = appendHead(of: response, minorVersion: 1, isClosing: true)
        if head?.method != .head { append(response.bodyBytes ?? []) }
        endAnswer()
    }

    /// Pulls the pieces one by one as the socket takes them.
    /// - Returns: false when the connection had to be cut: the body broke off, or was not as long as announced.
    private func sendStream(
        _ next: @Sendable () async throws -> [UInt8]?, encoding: ResponseEncoder.BodyEncoding, number: UInt64
    ) async -> Bool {
        var sentBytes = 0
        flush()
        do {
            while let piece = try await next() {
                guard number == requestNumber, !isClosed else { return false }
                sentBytes += piece.count
                if case .length(let announced) = encoding, sentBytes > announced {
                    throw StreamLengthMismatch()
                }
                if encoding == .chunked { appendChunk(piece) } else { append(piece) }
                flush()
                if unsentBytes > 0 { await outputToGo() }
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
            if isClosed || unsentBytes == 0 { return continuation.resume() }
            outputWait = continuation
        }
    }

    // MARK: The handler's time

    private func limitTime(of number: UInt64, toSeconds seconds: Double) {
        guard number == requestNumber, life.phase == .serving, !isAnswered, !isClosed else { return }
        setHandlerDeadline(afterSeconds: seconds)
    }

    func handlerTimeIsUp() {
        task?.cancel()
        setHandlerGraceDeadline()
    }

    /// The handler has not heeded its cancellation: the client gets its answer all the same.
    func answerForHandler() {
        guard life.phase == .serving, !isAnswered else { return }
        isAnswered = true
        _ = life.handle(.bodyBroken)
        failBodyWait(CancellationError())
        server.logger.error("a handler goes on after its time", metadata: ["path": "\(head?.path ?? "")"])
        let response = server.problem(
            RequestFault(status: 503, code: "handler-timeout", detail: "This took too long; try again later."),
            retryAfterSeconds: server.configuration.retryAfterSeconds)
        sendOwn(response)
    }
}

private struct StreamLengthMismatch: Error {}
