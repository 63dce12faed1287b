package import HTTPWire
package import Kernel

/// Turns routes into the one function the server calls: around the dispatcher, correlation, headers and observation.
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

    package typealias Observe = @Sendable (Observation) -> Void

    let securityFields: HTTPFields
    let edge: EdgePolicy
    private let dispatcher: Dispatcher
    private let identities: Identities
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
        edge: EdgePolicy = EdgePolicy(), authenticate: @escaping Dispatcher.Authenticate,
        onError: @escaping Dispatcher.OnError, onBegin: (@Sendable () -> Void)? = nil,
        observe: @escaping Observe = { _ in }
    ) throws {
        dispatcher = try Dispatcher(routes: routes, authenticate: authenticate, onError: onError)
        self.identities = identities
        self.securityFields = securityFields
        self.edge = edge
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
                if let preflight { (preflight, "preflight") } else { await dispatcher.answer(request) }
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

    private func addFields(to response: inout HTTPResponse, correlationID: CorrelationID) {
        response.fields["x-correlation-id"] = correlationID.text
        response.fields["x-request-id"] = correlationID.text
        for field in securityFields.fields where response.fields[field.name] == nil {
            response.fields.append(field)
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
