import EventLoop

/// What a connection has still to send: small pieces gathered in one buffer, large ones kept as they are.
///
/// All of a turn leaves in one call (`send`, or `sendmsg` when a large body follows its head): with `TCP_NODELAY` each
/// call is a packet.
struct OutputQueue {
    /// Above it a body is not copied behind its head but sent from where it is.
    static let largeBytes = 16_384

    /// Sent bytes at the front after which they are dropped: a queue that is never empty must not grow for ever.
    private static let compactionBytes = 32_768
    /// A buffer up to this size stays with its connection.
    private static let keptBytes = 512

    private var gathered: [UInt8] = []
    private var gatheredSent = 0
    /// Follow `gathered`, in order.
    private var later: [[UInt8]] = []
    private var firstLaterSent = 0
    private var laterBytes = 0

    var unsentBytes: Int { gathered.count - gatheredSent + laterBytes }
    var isEmpty: Bool { gathered.count == gatheredSent && later.isEmpty }

    mutating func append(_ bytes: [UInt8]) {
        guard later.isEmpty, bytes.count < Self.largeBytes else { return appendLater(bytes) }
        gathered.append(contentsOf: bytes)
    }

    /// Lets an encoder write at the end. What it throws leaves nothing behind.
    mutating func write<Failure: Error>(
        _ body: (inout [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        guard later.isEmpty else {
            var piece: [UInt8] = []
            try body(&piece)
            return appendLater(piece)
        }
        let before = gathered.count
        do {
            try body(&gathered)
        } catch {
            gathered.removeLast(gathered.count - before)
            throw error
        }
    }

    private mutating func appendLater(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        later.append(bytes)
        laterBytes += bytes.count
    }

    /// Sends what fits. - Returns: as `StreamSocket`; `.end` when there was nothing.
    mutating func send(to descriptor: Int32) -> StreamSocket.Outcome {
        let outcome: StreamSocket.Outcome
        if later.isEmpty {
            guard gatheredSent < gathered.count else { return .end }
            outcome = StreamSocket.send(descriptor, gathered, from: gatheredSent)
        } else {
            outcome = StreamSocket.send(
                descriptor, gathered, from: gatheredSent, then: later[0], from: firstLaterSent)
        }
        if case .bytes(let count) = outcome { consume(count) }
        return outcome
    }

    private mutating func consume(_ count: Int) {
        let ofGathered = min(count, gathered.count - gatheredSent)
        gatheredSent += ofGathered
        let ofLater = count - ofGathered
        laterBytes -= ofLater
        firstLaterSent += ofLater
        if let first = later.first, firstLaterSent == first.count {
            later.removeFirst()
            firstLaterSent = 0
        }
        if gatheredSent >= Self.compactionBytes, gatheredSent < gathered.count {
            gathered.removeFirst(gatheredSent)
            gatheredSent = 0
        }
        if gatheredSent == gathered.count {
            gatheredSent = 0
            if gathered.capacity > Self.keptBytes { gathered = [] } else { gathered.removeLast(gathered.count) }
        }
    }

    mutating func clear() {
        self = OutputQueue()
    }
}
