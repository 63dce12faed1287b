package import HTTPWire
package import Logging

/// HTTPS on libcurl: pooled connections, deadlines, no redirects, one curl thread for the process.
package final class HTTPClient: Sendable {
    package init(configuration: Configuration = Configuration(), logger: Logger) {}

    package struct Configuration: Sendable {
        package var connectTimeoutSeconds = 10.0
        package var connectionsPerHostMaximum = 16
        package var userAgent = "Forma3D.Connect"
        package init() {}
    }

    /// One exchange.
    /// - Throws: `HTTPClientError`, which says how far it got.
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        fatalError("skeleton")
    }

    /// Ends the curl thread; calls in hand fail.
    package func close() async { fatalError("skeleton") }
}

/// A request to a vendor.
package struct HTTPClientRequest: Sendable {
    package var method: HTTPMethod
    /// Absolute, percent-encoded.
    package var url: String
    package var fields: HTTPFields
    package var body: [UInt8]
    package var timeoutSeconds: Double
    package var responseLimitBytes: Int
    /// On a connection of its own, so that libcurl can never resend it by itself on a reused one that died:
    /// for calls that may happen once only.
    package var neverResend: Bool

    package init(
        method: HTTPMethod, url: String, fields: HTTPFields = [:], body: [UInt8] = [], timeoutSeconds: Double = 30,
        responseLimitBytes: Int = 8 * 1024 * 1024, neverResend: Bool = false
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.timeoutSeconds = timeoutSeconds
        self.responseLimitBytes = responseLimitBytes
        self.neverResend = neverResend
    }
}

package struct HTTPClientResponse: Sendable {
    package let status: HTTPStatus
    package let fields: HTTPFields
    package let body: [UInt8]

    package init(status: HTTPStatus, fields: HTTPFields, body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// An exchange that gave no complete answer.
package struct HTTPClientError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case invalidURL
        case unresolved
        case refused
        case tls
        case timedOut
        case brokenLink
        case responseTooLarge
        case cancelled
        case closed
    }

    package let kind: Kind
    /// False only when not one byte of the request can have reached the far side.
    package let mayHaveBeenSent: Bool
    package let detail: String

    package init(kind: Kind, mayHaveBeenSent: Bool, detail: String) {
        self.kind = kind
        self.mayHaveBeenSent = mayHaveBeenSent
        self.detail = detail
    }
}
