package import HTTPWire
import Kernel

/// Finds a request's route and runs its handler within the route's limits; every error becomes a problem.
///
/// What a server needs at the least; `Gateway` puts around it what operators expect.
package struct Dispatcher: Sendable {
    package typealias Authenticate = @Sendable (HTTPRequest, Route.Access) throws -> Void
    package typealias OnError = @Sendable (_ error: any Error, _ request: HTTPRequest, _ route: String) -> Void

    let router: Router
    private let authenticate: Authenticate
    private let onError: OnError

    /// - Parameters:
    ///   - authenticate: throws a `Problem` (401, 403) when the request may not use a route of that access.
    ///   - onError: gets, in full, what the client is not told: errors behind a 500 and behind a 503.
    /// - Throws: `RouterError`.
    package init(routes: [Route], authenticate: @escaping Authenticate, onError: @escaping OnError) throws {
        router = try Router(routes)
        self.authenticate = authenticate
        self.onError = onError
    }

    /// For `HTTPServer`: what needs no handler, or one that never waits, is answered at once.
    package func reply(to request: consuming HTTPRequest) -> HTTPReply {
        switch plan(request) {
        case .answer(let response, _): return .now(response)
        case .handle(let call):
            guard let answer = call.entry.route.answer else { return .later { await run(call) } }
            do {
                try admit(call)
                return .now(try answer(call))
            } catch {
                return .now(failure(error, call))
            }
        }
    }

    /// - Returns: the answer, and the pattern it came from (`unmatched` when none).
    package func answer(_ request: HTTPRequest) async -> (response: HTTPResponse, route: String) {
        switch plan(request) {
        case .answer(let response, let route): return (response, route)
        case .handle(let call): return (await run(call), call.entry.route.pattern.text)
        }
    }

    private enum Plan {
        case answer(HTTPResponse, route: String)
        case handle(Call)
    }

    private func plan(_ request: consuming HTTPRequest) -> Plan {
        switch router.match(method: request.method, path: request.path) {
        case .found(let entry, let pathParameters):
            return .handle(Call(request: request, entry: entry, pathParameters: pathParameters))
        case .wrongMethod(let allowed) where request.method == .options:
            return .answer(allow(allowed), route: "options")
        case .wrongMethod(let allowed):
            return .answer(wrongMethod(request.method, allowed: allowed), route: "unmatched")
        case .notFound where request.method == .options && request.path == "*":
            return .answer(allow(router.allMethods), route: "*")
        case .notFound:
            return .answer(answer(.notFound("There is nothing at this path.")), route: "unmatched")
        case .malformedPath(let reason):
            let malformed = Problem(code: "malformed-path", status: 400, detail: "The path \(reason).")
            return .answer(answer(malformed), route: "unmatched")
        }
    }

    private func allow(_ methods: [String]) -> HTTPResponse {
        HTTPResponse(status: 204, fields: ["allow": methods.joined(separator: ", ")])
    }

    private static let knownMethods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

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
        let limiter = call.request.limiter
        do {
            let limits = call.entry.route.limits
            try admit(call)
            guard let limiter else {
                return try await HandlerDeadline.race(seconds: limits.handlerSeconds) {
                    try await call.entry.route.handle(call)
                }
            }
            limiter.limit(bodyBytes: limits.bodyBytes, handlerSeconds: limits.handlerSeconds)
            return try await call.entry.route.handle(call)
        } catch {
            let isTimeUp = Task.isCancelled && limiter?.isTimeUp == true
            return failure(isTimeUp ? HandlerDeadline.Passed() : error, call)
        }
    }

    /// Before anything is read: who may, and how much.
    private func admit(_ call: Call) throws {
        try authenticate(call.request, call.entry.route.access)
        let limitBytes = call.entry.route.limits.bodyBytes
        if let announced = call.request.body.lengthBytes, announced > limitBytes {
            throw HTTPBody.Failure.tooLarge(limitBytes: limitBytes)
        }
    }

    private func failure(_ error: any Error, _ call: Call) -> HTTPResponse {
        switch error {
        case let told as Problem: return answer(told)
        case let failure as HTTPBody.Failure: return answer(Problem(failure))
        case is HandlerDeadline.Passed:
            onError(error, call.request, call.entry.route.pattern.text)
            return answer(
                Problem(
                    code: "handler-timeout", status: 503, detail: "This took too long; try again later.",
                    retryAfterSeconds: 5))
        case is CancellationError where Task.isCancelled:
            // The client is gone; nobody reads this, but the log tells it from a failure.
            return answer(
                Problem(code: "client-gone", status: 499, detail: "The client closed the connection."))
        case let classified as any RetryClassified:
            onError(error, call.request, call.entry.route.pattern.text)
            guard case .notNow(let seconds) = classified.retryVerdict else { return internalError() }
            return answer(
                .unavailable(
                    "This is not available now; try again later.", retryAfterSeconds: Self.retryAfter(seconds)))
        default:
            onError(error, call.request, call.entry.route.pattern.text)
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
}
