/// One message on its way in: its bytes so far, checked as they come.
struct MessageAssembly: Hashable, Sendable {
    let isText: Bool
    let isCompressed: Bool
    private var bytes: [UInt8] = []
    private var validator = UTF8Validator()
    private var frameCount = 0

    /// A frame's announced length is reserved at once up to here: the announcement alone must not cost more.
    private static let reservedBytesMaximum = 65_536

    init(isText: Bool, isCompressed: Bool) {
        self.isText = isText
        self.isCompressed = isCompressed
    }

    mutating func beginFrame(payloadBytes: Int, limits: WebSocketLimits) throws(WebSocketFault) {
        frameCount += 1
        guard frameCount <= limits.fragmentsMaximum else { throw .tooBig("A message has too many frames.") }
        guard !isCompressed else { return }
        // Both are below 2^63 and the first is bounded: no overflow.
        guard payloadBytes <= limits.messageBytesMaximum - bytes.count else { throw .tooBig("A message is too long.") }
        if frameCount == 1 { bytes.reserveCapacity(min(payloadBytes, Self.reservedBytesMaximum)) }
    }

    /// Appends a piece of a frame's payload that is not compressed.
    mutating func append(_ piece: ArraySlice<UInt8>, mask: UInt32, payloadOffset: Int) throws(WebSocketFault) {
        let start = bytes.count
        bytes.append(contentsOf: piece)
        WebSocketFrame.applyMask(mask, to: &bytes, from: start, payloadOffset: payloadOffset)
        try check(from: start)
    }

    /// Lets the inflater append to the bytes.
    mutating func takeInflated(
        _ inflate: (inout [UInt8]) throws(WebSocketFault) -> Void
    ) throws(WebSocketFault) {
        let start = bytes.count
        do throws(WebSocketFault) {
            try inflate(&bytes)
        } catch {
            // What came out before the fault is judged first, as it would be had the bytes come one by one.
            try check(from: start)
            throw error
        }
        try check(from: start)
    }

    /// RFC 6455 §8.1: text that is no UTF-8 fails the connection, at the byte that shows it.
    private mutating func check(from start: Int) throws(WebSocketFault) {
        guard isText, start < bytes.count else { return }
        guard validator.accept(bytes[start...]) else { throw .invalidData("A text message is no UTF-8.") }
    }

    mutating func finish() throws(WebSocketFault) -> WebSocket.Message {
        guard isText else { return .binary(bytes) }
        guard validator.isComplete else { throw .invalidData("A text message ends within a character.") }
        return .text(String(decoding: bytes, as: UTF8.self))
    }
}
