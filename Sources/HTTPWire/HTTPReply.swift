/// What a server's responder comes to for one request: the answer itself, or a handler that may have to wait for it.
package enum HTTPReply: Sendable {
    /// Made without waiting for anything: it needs no task.
    case now(HTTPResponse)
    case later(@Sendable () async -> HTTPResponse)
}
