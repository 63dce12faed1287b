import Answers
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// Hummingbird as its documentation sets it up, with one event loop and without logs.
@main
struct PeerHummingbird {
    static func main() async throws {
        guard let port = portArgument() else { return print(portUsage) }
        var logger = Logger(label: "peer")
        logger.logLevel = .critical
        let application = Application(
            router: routes(),
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
            logger: logger)
        try await application.runService()
    }

    static func routes() -> Router<BasicRequestContext> {
        let router = Router()
        let json = ByteBuffer(string: Answers.json)
        router.get("/") { _, _ in Answers.text }
        router.get("/json") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: json))
        }
        router.post("/echo") { request, _ in
            var lengthBytes = 0
            for try await chunk in request.body {
                lengthBytes += chunk.readableBytes
            }
            return "\(lengthBytes)"
        }
        return router
    }
}
