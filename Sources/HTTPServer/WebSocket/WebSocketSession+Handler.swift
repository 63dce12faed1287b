import EventLoop
import HTTPWire
import Logging

/// What the handler's `WebSocket` does, from whatever thread it is called on.
extension WebSocketSession {
    /// What a handler takes without a pause; then the other connections have their turn. Bytes count as they are
    /// inflated: a kilobyte of frames can be a megabyte of work.
    private static let messagesPerTurnMaximum = 128
    private static let bytesPerTurnMaximum = 262_144

    /// - Returns: whether the handler ended with an error of its own.
    func run(_ upgrade: WebSocketUpgrade) async -> Bool {
        let socket = WebSocket(
            subprotocol: upgrade.subprotocol, receive: { try await self.receive() },
            send: { try await self.send($0) }, close: { await self.close($0) })
        do {
            try await upgrade.handler(socket)
            return false
        } catch is WebSocket.Failure {
            // The peer's doing, and known already.
            return false
        } catch is CancellationError where Task.isCancelled {
            return false
        } catch {
            server.logger.error("a WebSocket handler failed", metadata: ["reason": "\(type(of: error))"])
            return true
        }
    }

    private func receive() async throws -> WebSocket.Message? {
        if server.loop.isCurrent,
            takenInRow >= Self.messagesPerTurnMaximum || takenInRowBytes >= Self.bytesPerTurnMaximum
        {
            takenInRow = 0
            takenInRowBytes = 0
            await Task.yield()
        }
        if server.loop.isCurrent, let result = receiveAtOnce() {
            takenInRow += 1
            let message = try result.get()
            takenInRowBytes += message?.bytes ?? 0
            return message
        }
        let wait = LoopWait<WebSocket.Message?>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                server.loop.execute { self.receive(wait, continuation) }
            }
        } onCancel: {
            server.loop.execute { wait.cancel() }
        }
    }

    private func receive(
        _ wait: LoopWait<WebSocket.Message?>, _ continuation: CheckedContinuation<WebSocket.Message?, any Error>
    ) {
        guard wait.begin(continuation) else { return }
        if let result = receiveAtOnce() { return wait.resume(result) }
        // One task at a time: a second one would take turns with the first in no order.
        if let other = receiveWait, !other.isOver { return wait.resume(.failure(CancellationError())) }
        takenInRow = 0
        takenInRowBytes = 0
        receiveWait = wait
    }

    /// - Returns: nil when there is nothing yet.
    private func receiveAtOnce() -> Result<WebSocket.Message?, any Error>? {
        if !isReceivingOver, let message = nextWaiting() { return .success(message) }
        guard isReceivingOver else { return nil }
        return isLost ? .failure(WebSocket.Failure.lost) : .success(nil)
    }

    private func send(_ message: WebSocket.Message) async throws {
        let isOnLoop = server.loop.isCurrent
        if isOnLoop, try enqueue(message) { return }
        let wait = LoopWait<Void>()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                server.loop.execute { self.send(isOnLoop ? nil : message, wait, continuation) }
            }
        } onCancel: {
            server.loop.execute { wait.cancel() }
        }
    }

    /// - Parameter message: nil when it is queued already.
    private func send(
        _ message: WebSocket.Message?, _ wait: LoopWait<Void>, _ continuation: CheckedContinuation<Void, any Error>
    ) {
        do throws(WebSocket.Failure) {
            if let message, try enqueue(message) { return continuation.resume() }
            guard life.maySend else { throw isLost ? .lost : .closed }
            guard wait.begin(continuation) else { return }
            sendWaits.removeAll { $0.isOver }
            sendWaits.append(wait)
        } catch {
            continuation.resume(throwing: error)
        }
    }

    private func close(_ close: WebSocketClose) async {
        server.loop.execute { self.obey(.close(close)) }
    }
}

extension WebSocket.Message {
    fileprivate var bytes: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
