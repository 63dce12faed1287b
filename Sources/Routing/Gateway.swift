package import HTTPWire
package import Kernel

/// Turns routes into the one function the server calls: correlation, access, limits, problems, headers, observation.
package struct Gateway: Sendable {
    /// What is known of a request when its answer is ready: the access log line and the metrics come from it.
    package struct Observation: Sendable {
        package let method: HTTPMethod
        /// The pattern, `/api/v1/orders/{id}`, or `unmatched`: never the path, which anybody can make up.
        package let route: String
        package let status: Int
        package let duration: Duration
        /// Of the body; 0 for a stream of unknown length.
        package let bytes: Int
        package let correlationID: CorrelationID
        /// The client's as far as it is known, the peer's else. Personal data.
        package let clientAddress: String?
        /// The path as sent, without the query (which may hold what must not be logged).
        package let path: String
        /// Of the trace the request belongs to; nil for none.
        package let traceID: String?
        /// Nil where the client did not announce it.
        package let requestBytes: Int?
        /// 0 for HTTP/1.0, else 1.
        package let minorVersion: Int
    }

    /// Sent with every answer unless the handler has set the same name.
    package static let securityFields: HTTPFields = [
        "x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer",
        "x-frame-options": "DENY", "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
    ]

    package typealias Authenticate = @Sendable (HTTPRequest, Route.Access) throws -> Void
    package typealias OnError = @Sendable (_ error: any Error, _ request: HTTPRequest, _ route: String) -> Void
    package typealias Observe = @Sendable (Observation) -> Void

    let router: Router
    let securityFields: HTTPFields
    let edge: EdgePolicy
    private let identities: Identities
    private let authenticate: Authenticate
    private let onError: OnError
    private let onBegin: (@Sendable () -> Void)?
    private let observe: Observe

    /// - Parameters:
    ///   - identities: correlation ids of requests that bring none.
    ///   - authenticate: throws a `Problem` (401, 403) when the request may not use a route of that access.
    ///   - onError: gets, in full, what the client is not told: errors behind a 500 and behind a 503. Runs with
    ///     `CorrelationID.current` set.
    ///   - onBegin: told of every request; each is followed by one `observe`.
    ///   - observe: gets every answer, also with `CorrelationID.current` set.
    /// - Throws: `RouterError`.
    package init(
        routes: [Route], identities: Identities = .system, securityFields: HTTPFields = Gateway.securityFields,
        edge: EdgePolicy = EdgePolicy(),
        authenticate: @escaping Authenticate, onError: @escaping OnError, onBegin: (@Sendable () -> Void)? = nil,
        observe: @escaping Observe = { _ in }
    ) throws {
        router = try Router(routes)
        self.identities = identities
        self.securityFields = securityFields
        self.edge = edge
        self.authenticate = authenticate
        self.onError = onError
        self.onBegin = onBegin
        self.observe = observe
    }

    /// For `HTTPServer`.
    package var responder: @Sendable (HTTPRequest) async -> HTTPResponse {
        { await respond(to: $0) }
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        onBegin?()
        let request = request.identified(trusting: edge.trustedProxies)
        guard let caller = TraceContext(fields: request.fields) else { return await correlated(request, trace: nil) }
        let trace = caller.child(identities)
        return await TraceContext.$current.withValue(trace) { await correlated(request, trace: trace) }
    }

    private func correlated(_ request: HTTPRequest, trace: TraceContext?) async -> HTTPResponse {
        let start = ContinuousClock.now
        let correlationID = request.fields["x-correlation-id"].flatMap { CorrelationID($0) } ?? .make(identities)
        return await CorrelationID.$current.withValue(correlationID) {
            let preflight = edge.preflight(request)
            var (response, route) =
                if let preflight { (preflight, "preflight") } else {
                    await answer(request, correlationID: correlationID)
                }
            addFields(to: &response, correlationID: correlationID)
            response = await edge.finish(response, to: request, isPreflight: preflight != nil)
            observe(
                Observation(
                    method: request.method, route: route, status: response.status.code,
                    duration: ContinuousClock.now - start, bytes: response.lengthBytes,
                    correlationID: correlationID, clientAddress: request.clientAddress, path: request.path,
                    traceID: trace?.traceID, requestBytes: request.body.lengthBytes,
                    minorVersion: request.minorVersion))
            return response
        }
    }

    // MARK: Routing

    private static let knownMethods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private func answer(
        _ request: HTTPRequest, correlationID: CorrelationID
    ) async -> (response: HTTPResponse, route: String) {
        if request.method == .options, request.path == "*" { return (allow(router.allMethods), "*") }
        switch router.match(method: request.method, path: request.path) {
        case .found(let route, let pathParameters):
            let call = Call(
                request: request, route: route, pathParameters: pathParameters, correlationID: correlationID)
            return (await run(call), route.pattern.text)
        case .wrongMethod(let allowed) where request.method == .options:
            return (allow(allowed), "options")
        case .wrongMethod(let allowed):
            return (wrongMethod(request.method, allowed: allowed), "unmatched")
        case .notFound:
            return (answer(.notFound("There is nothing at this path.")), "unmatched")
        case .malformedPath(let reason):
            let malformed = Problem(code: "malformed-path", status: 400, detail: "The path \(reason).")
            return (answer(malformed), "unmatched")
        }
    }

    private func allow(_ methods: [String]) -> HTTPResponse {
        HTTPResponse(status: 204, fields: ["allow": methods.joined(separator: ", ")])
    }

    /// RFC 9110 §15.5.6 and §15.6.2: known but not here is 405, unknown anywhere is 501.
    private func wrongMethod(_ method: HTTPMethod, allowed: [String]) -> HTTPResponse {
        let names = allowed.joined(separator: ", ")
        guard Self.knownMethods.contains(method.name) else {
            return answer(
                Problem(code: "method-not-implemented", status: 501, detail: "This method is not implemented."))
        }
        var response = answer(
            Problem(code: "method-not-allowed", status: 405, detail: "This path answers to \(names)."))
        response.fields["allow"] = names
        return response
    }

    // MARK: Running

    private func run(_ call: Call) async -> HTTPResponse {
        let request = call.request
        let limits = call.route.limits
        let deadline = ContinuousClock.now + .seconds(limits.handlerSeconds)
        do {
            try authenticate(request, call.route.access)
            if let announced = request.body.lengthBytes, announced > limits.bodyBytes {
                throw HTTPBody.Failure.tooLarge(limitBytes: limits.bodyBytes)
            }
            guard let limitTime = request.limitTime else {
                return try await HandlerDeadline.race(seconds: limits.handlerSeconds) {
                    try await call.route.handle(call)
                }
            }
            limitTime(limits.handlerSeconds)
            return try await call.route.handle(call)
        } catch {
            let isTimeUp = Task.isCancelled && ContinuousClock.now >= deadline
            return failure(isTimeUp ? HandlerDeadline.Passed() : error, call)
        }
    }

    private func failure(_ error: any Error, _ call: Call) -> HTTPResponse {
        switch error {
        case let told as Problem: return answer(told)
        case let failure as HTTPBody.Failure: return answer(Problem(failure))
        case is HandlerDeadline.Passed:
            onError(error, call.request, call.route.pattern.text)
            return answer(
                Problem(
                    code: "handler-timeout", status: 503, detail: "This took too long; try again later.",
                    retryAfterSeconds: 5))
        case is CancellationError where Task.isCancelled:
            // The client is gone; nobody reads this, but the log tells it from a failure.
            return answer(
                Problem(code: "client-gone", status: 499, detail: "The client closed the connection."))
        case let classified as any RetryClassified:
            onError(error, call.request, call.route.pattern.text)
            guard case .notNow(let seconds) = classified.retryVerdict else { return internalError() }
            return answer(
                .unavailable(
                    "This is not available now; try again later.", retryAfterSeconds: Self.retryAfter(seconds)))
        default:
            onError(error, call.request, call.route.pattern.text)
            return internalError()
        }
    }

    private func internalError() -> HTTPResponse {
        answer(
            Problem(
                code: "internal", status: 500,
                detail: "Something went wrong on our side; the request id finds it in the log."))
    }

    private static let retryAfterSecondsMaximum = 3_600.0

    private static func retryAfter(_ seconds: Double?) -> Int {
        guard let seconds, seconds.isFinite else { return 5 }
        return Int(max(1, min(seconds.rounded(.up), retryAfterSecondsMaximum)))
    }

    private func answer(_ problem: Problem) -> HTTPResponse {
        problem.response(requestID: CorrelationID.current?.text ?? "")
    }

    private func addFields(to response: inout HTTPResponse, correlationID: CorrelationID) {
        response.fields["x-correlation-id"] = correlationID.text
        response.fields["x-request-id"] = correlationID.text
        for field in securityFields.fields where response.fields[field.name] == nil {
            response.fields.append(field)
        }
    }
}

extension Problem {
    /// What a body that could not be read means to its sender.
    package init(_ failure: HTTPBody.Failure) {
        switch failure {
        case .tooLarge(let limitBytes):
            self.init(
                code: "body-too-large", status: 413, detail: "The body may have at most \(limitBytes) bytes here.")
        case .incomplete:
            self.init(code: "incomplete-body", status: 400, detail: "The body ended early or its framing is broken.")
        case .timedOut:
            self.init(code: "body-timeout", status: 408, detail: "The body came too slowly.")
        }
    }
}

extension HTTPResponse {
    fileprivate var lengthBytes: Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .stream(let lengthBytes, _): lengthBytes ?? 0
        }
    }
}
