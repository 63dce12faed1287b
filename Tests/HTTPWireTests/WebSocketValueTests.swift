import HTTPWire
import Synchronization
import Testing

/// A handler without a server: the value is three closures.
@Suite struct WebSocketValueTests {
    private final class Script: Sendable {
        let incoming: Mutex<[WebSocket.Message]>
        let outgoing = Mutex<[WebSocket.Message]>([])
        let closes = Mutex<[WebSocketClose]>([])

        init(_ incoming: [WebSocket.Message]) { self.incoming = Mutex(incoming) }

        var socket: WebSocket {
            WebSocket(
                receive: { self.incoming.withLock { $0.isEmpty ? nil : $0.removeFirst() } },
                send: { message in self.outgoing.withLock { $0.append(message) } },
                close: { close in self.closes.withLock { $0.append(close) } })
        }
    }

    @Test func aHandlerIsDrivenInProcess() async throws {
        let script = Script([.text("a"), .binary([1])])
        let socket = script.socket
        while let message = try await socket.receive() { try await socket.send(message) }
        try await socket.send("b")
        await socket.close(code: 4000, reason: "done")
        #expect(script.outgoing.withLock { $0 } == [.text("a"), .binary([1]), .text("b")])
        #expect(script.closes.withLock { $0 } == [WebSocketClose(code: 4000, reason: "done")])
    }

    @Test func aCodeThatMayNotBeSentIsNot() async {
        let script = Script([])
        await script.socket.close(code: 1006)
        #expect(script.closes.withLock { $0 } == [WebSocketClose(code: .internalError)])
    }
}
