package import EventLoop
package import HTTPWire
package import Kernel
package import Logging

/// The HTTP/1.1 server: one listening socket, one loop, every limit named.
package final class HTTPServer: Sendable {
    /// Called on the loop for each request: quick, for everybody waits. What takes time is for the handler it gives back.
    package typealias Responder = @Sendable (consuming HTTPRequest) -> HTTPReply

    private let core: ServerCore

    /// - Parameters:
    ///   - identities: request ids of the answers the server gives by itself (broken requests, overload).
    ///   - replying: its handlers run on the loop, in a task that is cancelled when the client is gone.
    package init(
        configuration: HTTPServerConfiguration, loop: EventLoop, logger: Logger, identities: Identities = .system,
        time: Time = .system, replying responder: @escaping Responder
    ) {
        core = ServerCore(
            configuration: configuration, loop: loop, logger: logger, identities: identities, time: time,
            responder: responder)
    }

    /// - Parameter responder: a handler for every request.
    package convenience init(
        configuration: HTTPServerConfiguration, loop: EventLoop, logger: Logger, identities: Identities = .system,
        time: Time = .system, responder: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) {
        self.init(
            configuration: configuration, loop: loop, logger: logger, identities: identities, time: time,
            replying: { request in
                let request = copy request
                return .later { await responder(request) }
            })
    }

    /// After the deadline of a drain: for cancelled handlers to end.
    static let cancelGraceSeconds = 1.0

    /// Binds and listens. - Returns: the port (useful when 0 was asked for). - Throws: `HTTPServerError`.
    package func start() throws -> Int {
        let configuration = core.configuration
        do {
            let tcp = try StreamSocket.listen(
                host: configuration.host, port: configuration.port, backlog: configuration.listenBacklog)
            do {
                if let path = configuration.socketPath { try startUnix(path) }
            } catch {
                StreamSocket.close(tcp.descriptor)
                throw error
            }
            core.loop.execute { self.core.listen(on: tcp.descriptor) }
            return tcp.port
        } catch {
            throw HTTPServerError("\(error)")
        }
    }

    private func startUnix(_ path: String) throws {
        let descriptor = try StreamSocket.listen(
            path: path, mode: core.configuration.socketMode, backlog: core.configuration.listenBacklog)
        core.loop.execute { self.core.listen(on: descriptor) }
    }

    /// Serves a connection that is made already: one end of a socket pair. The descriptor must be non-blocking and is
    /// the server's from here on.
    package func serve(descriptor: Int32) {
        core.loop.execute { self.core.adopt(descriptor) }
    }

    /// Closes the listeners, answers what is in flight with `Connection: close`, closes idle connections, tells
    /// WebSockets 1001; forced at the deadline, when connections are reset and handlers cancelled.
    ///
    /// Before that, readiness should have said no for as long as a proxy needs to notice.
    package func drain(within limit: Duration) async {
        let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
        await withCheckedContinuation { continuation in
            core.loop.execute { self.core.drain(withinSeconds: seconds) { continuation.resume() } }
        }
    }
}
