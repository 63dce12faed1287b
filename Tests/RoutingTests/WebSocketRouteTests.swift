import HTTPWire
import Kernel
import Routing
import Testing

/// A route that becomes a WebSocket, through the gateway.
@Suite struct WebSocketRouteTests {
    private func answer(_ fields: HTTPFields, handler: @escaping WebSocket.Handler = { _ in }) async throws
        -> HTTPResponse
    {
        let route = Route(.get, "/ws", "Echoes", tag: "Test", access: .open) { call in
            call.webSocket(WebSocketSettings(allowedOrigins: ["https://here.example"]), handler: handler)
        }
        let gateway = try Gateway(routes: [route], authenticate: { _, _ in }, onError: { _, _, _ in })
        return await gateway.respond(to: HTTPRequest(method: .get, path: "/ws", fields: fields))
    }

    private static let handshake: HTTPFields = [
        "upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "x-correlation-id": "order-42-abc",
    ]

    @Test func aHandshakeUpgradesAndTheHandlerKnowsItsCall() async throws {
        let socket = WebSocket(
            receive: { .text(CorrelationID.current?.text ?? "none") }, send: { _ in }, close: { _ in })
        let response = try await answer(Self.handshake) { socket in
            let message = try await socket.receive()
            #expect(message == .text("order-42-abc"))
        }
        #expect(response.status == 101)
        #expect(response.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        try await response.upgrade?.handler(socket)
    }

    @Test func aRefusalIsAProblemWithItsFields() async throws {
        let plain = try await answer([:])
        #expect(plain.status == 426)
        #expect(plain.fields["upgrade"] == "websocket")
        #expect(plain.fields["sec-websocket-version"] == "13")
        #expect(plain.fields["content-type"] == "application/problem+json")
        #expect(plain.upgrade == nil)
        var foreign = Self.handshake
        foreign["origin"] = "https://there.example"
        #expect(try await answer(foreign).status == 403)
    }
}
