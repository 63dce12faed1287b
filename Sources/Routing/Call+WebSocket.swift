package import HTTPWire
import Kernel

extension Call {
    /// The answer that makes this request's connection a WebSocket, or says why not (RFC 6455 §4.2).
    /// - Parameter handler: runs when the 101 has been sent, with this call's correlation id.
    package func webSocket(_ settings: WebSocketSettings, handler: @escaping WebSocket.Handler) -> HTTPResponse {
        let correlationID = correlationID
        do throws(WebSocketHandshake.Refusal) {
            let upgrade = try WebSocketHandshake.accept(request, settings: settings) { socket in
                try await CorrelationID.$current.withValue(correlationID) { try await handler(socket) }
            }
            return HTTPResponse(upgrade)
        } catch {
            let problem = Problem(code: error.code, status: error.status, detail: error.detail)
            var response = problem.response(requestID: correlationID.text)
            for field in error.fields.fields { response.fields.append(field) }
            return response
        }
    }
}
