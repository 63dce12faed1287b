/// The reading side of one WebSocket: bytes in, messages and control frames out. A pure state machine.
///
/// However the bytes are split, the events are the same. Data is judged as it comes (UTF-8, length, deflate), not when
/// the message is whole. After a close frame or a fault it takes everything and says nothing (RFC 6455 §5.5.1, §7.1.7).
package struct WebSocketReceiver: ~Copyable, Sendable {
    package enum Event: Hashable, Sendable {
        case message(WebSocket.Message)
        case ping([UInt8])
        case pong([UInt8])
        case close(WebSocketClose)
        case fault(WebSocketFault)
    }

    private enum Place: Hashable {
        case header
        case payload(WebSocketFrame, remaining: Int)
        case ended
    }

    private let limits: WebSocketLimits
    private let deflate: WebSocketDeflate.Agreement?
    private var place = Place.header
    /// The front of a header that is not complete.
    private var headerFront: [UInt8] = []
    private var control: [UInt8] = []
    private var assembly: MessageAssembly?
    /// Made for the first message that needs it.
    private var inflater: MessageInflater?

    package init(limits: WebSocketLimits, deflate: WebSocketDeflate.Agreement? = nil) {
        self.limits = limits
        self.deflate = deflate
    }

    /// Takes from the front of the input up to the next event.
    /// - Returns: nil when all of the input is taken and nothing has become complete.
    package mutating func next(_ input: inout ArraySlice<UInt8>) -> Event? {
        do throws(WebSocketFault) {
            while true {
                switch place {
                case .ended:
                    input = []
                    return nil
                case .header:
                    guard try readHeader(&input) else { return nil }
                case .payload(let frame, let remaining):
                    guard remaining == 0 || !input.isEmpty else { return nil }
                    if let event = try readPayload(frame, remaining: remaining, &input) { return event }
                }
            }
        } catch {
            place = .ended
            assembly = nil
            inflater = nil
            return .fault(error)
        }
    }

    /// Gives back what only the next message would use: for a connection that has been idle.
    package mutating func releaseMemory() {
        if deflate?.clientNoContextTakeover == true, assembly == nil { inflater = nil }
    }

    // MARK: The header

    /// - Returns: false when it is not complete.
    private mutating func readHeader(_ input: inout ArraySlice<UInt8>) throws(WebSocketFault) -> Bool {
        guard !input.isEmpty else { return false }
        if headerFront.isEmpty {
            if let (frame, headerBytes) = try WebSocketFrame.parse(input) {
                input = input.dropFirst(headerBytes)
                try begin(frame)
                return true
            }
            headerFront.append(contentsOf: input)
            input = []
            return false
        }
        while let byte = input.popFirst() {
            headerFront.append(byte)
            if let (frame, _) = try WebSocketFrame.parse(headerFront[...]) {
                headerFront.removeAll(keepingCapacity: true)
                try begin(frame)
                return true
            }
        }
        return false
    }

    private mutating func begin(_ frame: WebSocketFrame) throws(WebSocketFault) {
        place = .payload(frame, remaining: frame.payloadBytes)
        if frame.opcode.isControl { return }
        guard frame.payloadBytes <= limits.frameBytesMaximum else { throw .tooBig("A frame is too long.") }
        if frame.opcode == .continuation {
            // §5.4.
            guard assembly != nil else { throw .protocolError("A continuation of nothing.") }
            // RFC 7692 §6.1: on the first frame only.
            guard !frame.isCompressed else { throw .protocolError("RSV1 is set on a continuation.") }
        } else {
            guard assembly == nil else { throw .protocolError("A message begins inside another one.") }
            guard !frame.isCompressed || deflate != nil else { throw .protocolError("RSV1 is set.") }
            assembly = MessageAssembly(isText: frame.opcode == .text, isCompressed: frame.isCompressed)
        }
        try assembly?.beginFrame(payloadBytes: frame.payloadBytes, limits: limits)
    }

    // MARK: The payload

    private mutating func readPayload(
        _ frame: WebSocketFrame, remaining: Int, _ input: inout ArraySlice<UInt8>
    ) throws(WebSocketFault) -> Event? {
        let count = min(remaining, input.count)
        let piece = input.prefix(count)
        input = input.dropFirst(count)
        let rest = remaining - count
        place = rest == 0 ? .header : .payload(frame, remaining: rest)
        let payloadOffset = frame.payloadBytes - remaining
        if frame.opcode.isControl {
            let start = control.count
            control.append(contentsOf: piece)
            WebSocketFrame.applyMask(frame.mask ?? 0, to: &control, from: start, payloadOffset: payloadOffset)
            return rest == 0 ? try endControl(frame.opcode) : nil
        }
        if assembly?.isCompressed == true {
            try inflate(piece, mask: frame.mask ?? 0, payloadOffset: payloadOffset)
        } else {
            try assembly?.append(piece, mask: frame.mask ?? 0, payloadOffset: payloadOffset)
        }
        guard rest == 0, frame.isFinal else { return nil }
        return try endMessage()
    }

    private mutating func endControl(_ opcode: WebSocketFrame.Opcode) throws(WebSocketFault) -> Event? {
        let payload = control
        control = []
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close:
            let close = try WebSocketClose(payload: payload)
            place = .ended
            assembly = nil
            inflater = nil
            return .close(close)
        case .continuation, .text, .binary: return nil
        }
    }

    private mutating func inflate(
        _ piece: ArraySlice<UInt8>, mask: UInt32, payloadOffset: Int
    ) throws(WebSocketFault) {
        guard !piece.isEmpty, let deflate else { return }
        var compressed = Array(piece)
        WebSocketFrame.applyMask(mask, to: &compressed, from: 0, payloadOffset: payloadOffset)
        if inflater == nil { inflater = try MessageInflater(agreement: deflate) }
        try assembly?.takeInflated { output throws(WebSocketFault) in
            try inflater?.inflate(compressed[...], into: &output, outputBytesMaximum: limits.messageBytesMaximum)
        }
    }

    private mutating func endMessage() throws(WebSocketFault) -> Event? {
        if assembly?.isCompressed == true {
            try assembly?.takeInflated { output throws(WebSocketFault) in
                try inflater?.endMessage(into: &output, outputBytesMaximum: limits.messageBytesMaximum)
            }
        }
        guard let message = try assembly?.finish() else { return nil }
        assembly = nil
        return .message(message)
    }
}
