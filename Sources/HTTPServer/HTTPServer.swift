package import EventLoop
package import HTTPWire
package import Logging

/// The HTTP/1.1 server: one listening socket, one loop, every limit named.
package final class HTTPServer: Sendable {
    package typealias Responder = @Sendable (HTTPRequest) async -> HTTPResponse

    package init(
        configuration: HTTPServerConfiguration, loop: EventLoop, logger: Logger, responder: @escaping Responder
    ) {}

    /// Binds and listens. - Returns: the port (useful when 0 was asked for). - Throws: `HTTPServerError`.
    package func start() throws -> Int { fatalError("skeleton") }

    /// Closes the listener, answers what is in flight with `Connection: close`, closes idle connections; forced at the deadline.
    package func drain(within: Duration) async { fatalError("skeleton") }
}

package struct HTTPServerConfiguration: Sendable {
    package var host = "127.0.0.1"
    package var port = 3000
    package var connectionsMaximum = 10_000
    package var requestLineBytesMaximum = 8_192
    package var fieldsBytesMaximum = 32_768
    package var fieldCountMaximum = 100
    package var headTimeoutSeconds = 10.0
    package var bodyIdleTimeoutSeconds = 15.0
    package var writeStallTimeoutSeconds = 30.0
    /// Longer than Traefik's 90 s to its back ends, so that Traefik closes first.
    package var idleTimeoutSeconds = 120.0
    package var requestsPerConnectionMaximum = 10_000

    package init() {}
}

package struct HTTPServerError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
