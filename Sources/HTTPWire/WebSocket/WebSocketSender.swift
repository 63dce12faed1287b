/// The writing side of one WebSocket: messages in, frames out. Pure but for zlib's memory.
package struct WebSocketSender: ~Copyable, Sendable {
    private let limits: WebSocketLimits
    private let deflate: WebSocketDeflate.Agreement?
    /// Made for the first message that is worth it.
    private var deflater: Deflater?

    package init(limits: WebSocketLimits, deflate: WebSocketDeflate.Agreement? = nil) {
        self.limits = limits
        self.deflate = deflate
    }

    /// Appends the frames of a message.
    package mutating func append(_ message: WebSocket.Message, to output: inout [UInt8]) {
        switch message {
        case .text(let text):
            let length = text.utf8.count
            if isSmall(length) {
                WebSocketFrame.appendHeader(.text, payloadBytes: length, to: &output)
                output.append(contentsOf: text.utf8)
            } else {
                append(.text, Array(text.utf8), to: &output)
            }
        case .binary(let bytes): append(.binary, bytes, to: &output)
        }
    }

    /// Gives back what only the next message would use: for a connection that has been idle.
    package mutating func releaseMemory() {
        if deflate?.serverNoContextTakeover == true { deflater = nil }
    }

    private func isSmall(_ length: Int) -> Bool {
        length < deflate?.settings.thresholdBytes ?? .max && length <= limits.sentFrameBytesMaximum
    }

    private mutating func append(_ opcode: WebSocketFrame.Opcode, _ bytes: [UInt8], to output: inout [UInt8]) {
        if let deflate, bytes.count >= deflate.settings.thresholdBytes, let compressed = compressed(bytes, deflate) {
            appendFrames(opcode, compressed, isCompressed: true, to: &output)
        } else {
            appendFrames(opcode, bytes[...], isCompressed: false, to: &output)
        }
    }

    /// RFC 6455 §5.4, and RFC 7692 §6.1: opcode and RSV1 stand on the first frame.
    private func appendFrames(
        _ opcode: WebSocketFrame.Opcode, _ bytes: ArraySlice<UInt8>, isCompressed: Bool, to output: inout [UInt8]
    ) {
        var rest = bytes
        var isFirst = true
        repeat {
            let piece = rest.prefix(limits.sentFrameBytesMaximum)
            rest = rest.dropFirst(piece.count)
            WebSocketFrame.append(
                isFirst ? opcode : .continuation, piece, isFinal: rest.isEmpty, isCompressed: isFirst && isCompressed,
                to: &output)
            isFirst = false
        } while !rest.isEmpty
    }

    /// RFC 7692 §7.2.1.
    /// - Returns: nil when there is no memory for it; the message goes as it is.
    private mutating func compressed(_ bytes: [UInt8], _ deflate: WebSocketDeflate.Agreement) -> ArraySlice<UInt8>? {
        do throws(CompressionFailure) {
            if deflater == nil {
                deflater = try Deflater(
                    format: .raw(windowBits: deflate.serverWindowBits), level: deflate.settings.level,
                    memoryLevel: deflate.settings.memoryLevel)
            }
            var output: [UInt8] = []
            try deflater?.compress(bytes[...], flush: .sync, into: &output)
            if deflate.serverNoContextTakeover { deflater?.reset() }
            // The 00 00 FF FF of the flush, which the peer puts back.
            return output.dropLast(4)
        } catch {
            deflater = nil
            return nil
        }
    }
}
