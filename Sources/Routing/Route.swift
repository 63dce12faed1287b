package import HTTPWire

/// One route as one value: what it answers to, who may call it, what it takes and gives, its limits and its handler.
///
/// OpenAPI is computed from the array of these (DESIGN §3.13). `access` has no default: forgetting it does not compile.
package struct Route: Sendable {
    package typealias Handler = @Sendable (Call) async throws -> HTTPResponse

    package enum Access: Hashable, Sendable {
        /// Anyone (probes).
        case open
        /// An operator's `X-API-Key`.
        case operators
        /// A vendor: the handler itself verifies the signature over the raw body.
        case webhook
        /// This machine's own processes, not through a proxy, or an operator's key (`/metrics`).
        case loopbackOrOperators
    }

    package struct Limits: Hashable, Sendable {
        package var bodyBytes: Int
        package var handlerSeconds: Double

        package init(bodyBytes: Int = 262_144, handlerSeconds: Double = 30) {
            self.bodyBytes = bodyBytes
            self.handlerSeconds = handlerSeconds
        }
    }

    package let method: HTTPMethod
    package let pattern: PathPattern
    /// One line for the API reference.
    package let summary: String
    /// The group in the API reference, `Orders`.
    package let tag: String
    package let access: Access
    package let limits: Limits
    /// Query parameters it reads.
    package let parameters: [Parameter]
    package let takes: Schema?
    package let returns: Schema?
    package let status: Int
    /// Other statuses that are no problems: 200 where something was there already, 206 and 304 of files.
    package private(set) var alsoAnswers: [Int] = []
    /// Statuses of the problems it may answer beside 401, 413 and 500.
    package let problems: [Int]
    package let handle: Handler
    /// The handler where it never waits for anything: it needs no task.
    package let answer: (@Sendable (Call) throws -> HTTPResponse)?

    package init(
        _ method: HTTPMethod, _ pattern: PathPattern, _ summary: String, tag: String, access: Access,
        limits: Limits = Limits(), parameters: [Parameter] = [], takes: Schema? = nil, returns: Schema? = nil,
        status: Int = 200, problems: [Int] = [], handle: @escaping Handler
    ) {
        self.init(
            method, pattern, summary, tag: tag, access: access, limits: limits, parameters: parameters, takes: takes,
            returns: returns, status: status, problems: problems, answer: nil, handle: handle)
    }

    /// A route whose answer is at hand: made on the loop, so it must be quick and must not read the body.
    package init(
        _ method: HTTPMethod, _ pattern: PathPattern, _ summary: String, tag: String, access: Access,
        limits: Limits = Limits(), parameters: [Parameter] = [], returns: Schema? = nil, status: Int = 200,
        problems: [Int] = [], answer: @escaping @Sendable (Call) throws -> HTTPResponse
    ) {
        self.init(
            method, pattern, summary, tag: tag, access: access, limits: limits, parameters: parameters, takes: nil,
            returns: returns, status: status, problems: problems, answer: answer, handle: { try answer($0) })
    }

    /// The same route, of which the API reference tells these answers as well.
    package func alsoAnswering(_ statuses: [Int]) -> Route {
        var route = self
        route.alsoAnswers = statuses
        return route
    }

    private init(
        _ method: HTTPMethod, _ pattern: PathPattern, _ summary: String, tag: String, access: Access, limits: Limits,
        parameters: [Parameter], takes: Schema?, returns: Schema?, status: Int, problems: [Int],
        answer: (@Sendable (Call) throws -> HTTPResponse)?, handle: @escaping Handler
    ) {
        self.answer = answer
        self.method = method
        self.pattern = pattern
        self.summary = summary
        self.tag = tag
        self.access = access
        self.limits = limits
        self.parameters = parameters
        self.takes = takes
        self.returns = returns
        self.status = status
        self.problems = problems
        self.handle = handle
    }
}

/// A query parameter in the API reference.
package struct Parameter: Hashable, Sendable {
    package let name: String
    package let text: String
    package let schema: Schema

    package init(_ name: String, _ text: String, _ schema: Schema = .string) {
        self.name = name
        self.text = text
        self.schema = schema
    }
}
