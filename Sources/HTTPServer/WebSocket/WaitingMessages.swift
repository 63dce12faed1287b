import HTTPWire

/// Messages that wait for the handler, first in, first out.
struct WaitingMessages {
    /// What one costs besides its bytes.
    private static let overheadBytes = 64

    private var messages: [WebSocket.Message] = []
    private var start = 0
    private(set) var bytes = 0

    var count: Int { messages.count - start }
    var isEmpty: Bool { start == messages.count }

    mutating func append(_ message: WebSocket.Message) {
        messages.append(message)
        bytes += Self.cost(of: message)
    }

    mutating func takeFirst() -> WebSocket.Message? {
        guard start < messages.count else { return nil }
        let message = messages[start]
        // Its bytes are the handler's now; the place is given back later.
        messages[start] = .binary([])
        start += 1
        bytes -= Self.cost(of: message)
        if start == messages.count {
            messages.removeAll(keepingCapacity: true)
            start = 0
        } else if start >= 64, start * 2 >= messages.count {
            // A queue that is never empty must not grow at one end for ever.
            messages.removeFirst(start)
            start = 0
        }
        return message
    }

    private static func cost(of message: WebSocket.Message) -> Int {
        switch message {
        case .text(let text): text.utf8.count + overheadBytes
        case .binary(let bytes): bytes.count + overheadBytes
        }
    }
}
