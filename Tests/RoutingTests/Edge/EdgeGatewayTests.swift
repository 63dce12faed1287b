import HTTPWire
import Kernel
import Routing
import Synchronization
import Testing

/// What the gateway does with the policy at its outer side.
@Suite struct EdgeGatewayTests {
    let observations = Observations()

    final class Observations: Sendable {
        let all = Mutex<[Gateway.Observation]>([])
        var last: Gateway.Observation? { all.withLock { $0.last } }
    }

    func gateway(_ edge: EdgePolicy, _ handle: @escaping Route.Handler) throws -> Gateway {
        try Gateway(
            routes: [
                Route(.get, "/thing", "A test", tag: "Test", access: .open, handle: handle),
                Route(.post, "/thing", "A test", tag: "Test", access: .open, handle: handle),
            ],
            edge: edge, authenticate: { _, _ in }, onError: { _, _, _ in },
            observe: { observation in observations.all.withLock { $0.append(observation) } })
    }

    @Test func tellsTheHandlerWhoAsks() async throws {
        var edge = EdgePolicy()
        edge.trustedProxies = .loopback
        let gateway = try gateway(edge) { call in
            .text("\(call.request.clientAddress ?? "") \(call.request.scheme) \(call.request.peerAddress ?? "")")
        }
        let fields: HTTPFields = ["X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"]
        let trusted = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: fields, peerAddress: "127.0.0.1"))
        #expect(trusted.bodyBytes == Array("203.0.113.7 https 127.0.0.1".utf8))
        #expect(observations.last?.clientAddress == "203.0.113.7")
        let stranger = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: fields, peerAddress: "192.0.2.1"))
        #expect(stranger.bodyBytes == Array("192.0.2.1 http 192.0.2.1".utf8))
    }

    @Test func aStrangersWordDoesNotReachTheHandler() async throws {
        let gateway = try gateway(EdgePolicy()) { call in
            .text(call.request.fields["x-forwarded-for"] ?? "none")
        }
        let response = await gateway.respond(
            to: HTTPRequest(
                method: .get, path: "/thing", fields: ["X-Forwarded-For": "127.0.0.1"], peerAddress: "127.0.0.1"))
        #expect(response.bodyBytes == Array("none".utf8))
    }

    // MARK: Traces

    @Test func aRequestOfATraceRunsInASpanOfItsOwn() async throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let gateway = try gateway(EdgePolicy()) { _ in
            let context = TraceContext.current
            return .text("\(context?.traceID ?? "") \(context?.parentSpanID ?? "")")
        }
        let response = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: ["Traceparent": parent]))
        #expect(response.bodyBytes == Array("0af7651916cd43dd8448eb211c80319c b7ad6b7169203331".utf8))
        #expect(response.fields["traceparent"] == nil)
        #expect(observations.last?.traceID == "0af7651916cd43dd8448eb211c80319c")
    }

    @Test func withoutATraceThereIsNone() async throws {
        let gateway = try gateway(EdgePolicy()) { _ in .text(TraceContext.current?.traceID ?? "none") }
        let response = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: ["Traceparent": "nonsense"]))
        #expect(response.bodyBytes == Array("none".utf8))
        #expect(observations.last?.traceID == nil)
    }
}
