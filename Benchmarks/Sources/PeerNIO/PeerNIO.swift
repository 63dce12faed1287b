import Answers
import NIOCore
import NIOHTTP1
import NIOPosix

/// SwiftNIO's own HTTP/1 pipeline and the least handler that answers: the floor of everything built upon it.
@main
struct PeerNIO {
    static func main() async throws {
        guard let port = portArgument() else { return print(portUsage) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler())
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await listener.closeFuture.get()
    }
}
