import Answers
import FlyingFox
import FlyingSocks
import Foundation

/// FlyingFox as its documentation sets it up, without logs. It has no setting for `TCP_NODELAY` nor for threads; pinning
/// it to one CPU is the benchmark's business.
@main
struct PeerFlyingFox {
    static func main() async throws {
        guard let port = portArgument() else { return print(portUsage) }
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: UInt16(port)), logger: .disabled)
        await server.appendRoute("GET /") { _ in
            HTTPResponse(statusCode: .ok, headers: [.contentType: "text/plain"], body: Data(Answers.text.utf8))
        }
        await server.appendRoute("GET /json") { _ in
            HTTPResponse(statusCode: .ok, headers: [.contentType: "application/json"], body: Data(Answers.json.utf8))
        }
        await server.appendRoute("POST /echo") { request in
            let lengthBytes = try await request.bodyData.count
            return HTTPResponse(statusCode: .ok, body: Data("\(lengthBytes)".utf8))
        }
        try await server.run()
    }
}
