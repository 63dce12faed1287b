/// An answer: status, fields and body. The server adds framing, `Date` and `Connection` itself.
package struct HTTPResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Pieces pulled one by one as the connection takes them; nil ends the body. Sent chunked unless `lengthBytes`.
        case stream(lengthBytes: Int?, next: @Sendable () async throws -> [UInt8]?)
    }

    package var status: HTTPStatus
    package var fields: HTTPFields
    package var body: Body
    /// What the connection becomes when this answer has been sent; only with 101.
    package var upgrade: WebSocketUpgrade?

    package init(status: HTTPStatus = 200, fields: HTTPFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    package static func text(_ text: String, status: HTTPStatus = 200) -> HTTPResponse {
        self.text(Array(text.utf8), status: status)
    }

    /// - Parameter bytes: UTF-8.
    package static func text(_ bytes: [UInt8], status: HTTPStatus = 200) -> HTTPResponse {
        HTTPResponse(status: status, fields: plainTextFields, body: .bytes(bytes))
    }

    package static func json(_ bytes: [UInt8], status: HTTPStatus = 200) -> HTTPResponse {
        HTTPResponse(status: status, fields: jsonFields, body: .bytes(bytes))
    }

    // Made once: the same storage serves every answer until somebody adds a field to one.
    private static let plainTextFields: HTTPFields = ["content-type": "text/plain; charset=utf-8"]
    private static let jsonFields: HTTPFields = ["content-type": "application/json"]

    /// No answer at all: the server resets the connection. Stand-ins use it to play a broken line.
    package static let cutConnection = HTTPResponse(status: 0)

    package var cutsConnection: Bool { status.code == 0 }

    /// The body's bytes when they are in hand; nil for a stream.
    package var bodyBytes: [UInt8]? {
        guard case .bytes(let bytes) = body else { return nil }
        return bytes
    }
}
