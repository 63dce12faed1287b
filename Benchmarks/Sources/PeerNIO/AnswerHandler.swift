import Answers
import NIOCore
import NIOHTTP1

/// Answers the three routes; one per connection, used on that connection's loop only.
final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var head: HTTPRequestHead?
    private var bodyBytes = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            bodyBytes = 0
        case .body(let buffer):
            bodyBytes += buffer.readableBytes
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context: context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    private func answer(_ request: HTTPRequestHead, context: ChannelHandlerContext) {
        switch (request.method, request.uri) {
        case (.GET, "/"): write(.ok, "text/plain", Answers.text, to: request, context: context)
        case (.GET, "/json"): write(.ok, "application/json", Answers.json, to: request, context: context)
        case (.POST, "/echo"): write(.ok, "text/plain", "\(bodyBytes)", to: request, context: context)
        default: write(.notFound, "text/plain", "not found", to: request, context: context)
        }
    }

    private func write(
        _ status: HTTPResponseStatus, _ contentType: String, _ text: String, to request: HTTPRequestHead,
        context: ChannelHandlerContext
    ) {
        let body = context.channel.allocator.buffer(string: text)
        let headers: HTTPHeaders = ["content-type": contentType, "content-length": "\(body.readableBytes)"]
        let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
