package import EventLoop
package import HTTPWire
package import Kernel
package import Logging

/// The HTTP/1.1 server: one listening socket, one loop, every limit named.
package final class HTTPServer: Sendable {
    package typealias Responder = @Sendable (HTTPRequest) async -> HTTPResponse

    private let core: ServerCore

    /// - Parameters:
    ///   - identities: request ids of the answers the server gives by itself (broken requests, overload).
    ///   - responder: called for each request, on the loop; its task is cancelled when the client is gone.
    package init(
        configuration: HTTPServerConfiguration, loop: EventLoop, logger: Logger, identities: Identities = .system,
        time: Time = .system, responder: @escaping Responder
    ) {
        core = ServerCore(
            configuration: configuration, loop: loop, logger: logger, identities: identities, time: time,
            responder: responder)
    }

    /// Binds and listens. - Returns: the port (useful when 0 was asked for). - Throws: `HTTPServerError`.
    package func start() throws -> Int {
        let listener: (descriptor: Int32, port: Int)
        do {
            listener = try StreamSocket.listen(
                host: core.configuration.host, port: core.configuration.port, backlog: core.configuration.listenBacklog)
        } catch {
            throw HTTPServerError("\(error)")
        }
        core.loop.execute { self.core.listen(on: listener.descriptor) }
        return listener.port
    }

    /// Closes the listener, answers what is in flight with `Connection: close`, closes idle connections; forced at the
    /// deadline, when connections are reset and handlers cancelled.
    package func drain(within limit: Duration) async {
        let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
        await withCheckedContinuation { continuation in
            core.loop.execute { self.core.drain(withinSeconds: seconds) { continuation.resume() } }
        }
    }
}
