/// The frame of RFC 6455 §5.2: its header in and out, and the mask.
package struct WebSocketFrame: Hashable, Sendable {
    /// §11.8; the other eleven values are reserved, and a frame with one is refused.
    package enum Opcode: UInt8, Hashable, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        package var isControl: Bool { rawValue >= 8 }
    }

    /// §5.5: all a control frame may carry.
    package static let controlPayloadBytesMaximum = 125

    package let opcode: Opcode
    package let isFinal: Bool
    /// RSV1: the message is deflated (RFC 7692 §6).
    package let isCompressed: Bool
    package let payloadBytes: Int
    /// Its first byte on the wire is the lowest.
    package let mask: UInt32?

    /// Reads a header at the front of the input.
    /// - Returns: nil when more bytes are needed; each byte is judged as soon as it is there.
    /// - Throws: `WebSocketFault`, what no header of a client may be.
    static func parse(
        _ input: ArraySlice<UInt8>
    ) throws(WebSocketFault) -> (frame: WebSocketFrame, headerBytes: Int)? {
        let start = input.startIndex
        guard let first = input.first else { return nil }
        // §5.2: RSV2 and RSV3 belong to extensions that are not spoken here; RSV1 is judged by who knows what is.
        guard first & 0x30 == 0 else { throw .protocolError("A reserved bit is set.") }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .protocolError("The opcode is reserved.") }
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        if opcode.isControl {
            // §5.5; RFC 7692 §6.1 for RSV1.
            guard isFinal else { throw .protocolError("A control frame is fragmented.") }
            guard !isCompressed else { throw .protocolError("A control frame is compressed.") }
        }
        guard input.count >= 2 else { return nil }
        let second = input[start + 1]
        // §5.1: the server closes on an unmasked frame.
        guard second & 0x80 != 0 else { throw .protocolError("A frame is not masked.") }
        let short = Int(second & 0x7F)
        guard !opcode.isControl || short <= controlPayloadBytesMaximum else {
            throw .protocolError("A control frame is longer than 125 bytes.")
        }
        let lengthBytes = short == 127 ? 8 : short == 126 ? 2 : 0
        guard input.count >= 2 + lengthBytes else { return nil }
        let length = try length(input[(start + 2)..<(start + 2 + lengthBytes)], short: short)
        let headerBytes = 2 + lengthBytes + 4
        guard input.count >= headerBytes else { return nil }
        var mask: UInt32 = 0
        for offset in 0..<4 { mask |= UInt32(input[start + 2 + lengthBytes + offset]) << UInt32(8 * offset) }
        let frame = WebSocketFrame(
            opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, payloadBytes: length, mask: mask)
        return (frame, headerBytes)
    }

    /// §5.2: "the minimal number of bytes MUST be used", and the highest of 64 bits is 0.
    private static func length(_ extended: ArraySlice<UInt8>, short: Int) throws(WebSocketFault) -> Int {
        guard let first = extended.first else { return short }
        guard first & 0x80 == 0 || extended.count == 2 else { throw .protocolError("A length is above 2^63.") }
        let length = extended.reduce(0) { $0 << 8 | Int($1) }
        guard length >= (extended.count == 2 ? 126 : 65_536) else {
            throw .protocolError("A length is not in its shortest form.")
        }
        return length
    }

    /// Appends a header; with a mask as a client's, without as a server's (§5.1).
    package static func appendHeader(
        _ opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, payloadBytes: Int, mask: UInt32? = nil,
        to output: inout [UInt8]
    ) {
        output.append(opcode.rawValue | (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0))
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        if payloadBytes < 126 {
            output.append(maskBit | UInt8(payloadBytes))
        } else if payloadBytes < 65_536 {
            output.append(maskBit | 126)
            output.append(UInt8(payloadBytes >> 8))
            output.append(UInt8(payloadBytes & 0xFF))
        } else {
            output.append(maskBit | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                output.append(UInt8(truncatingIfNeeded: payloadBytes >> shift))
            }
        }
        guard let mask else { return }
        for shift in stride(from: 0, through: 24, by: 8) { output.append(UInt8(truncatingIfNeeded: mask >> shift)) }
    }

    /// Appends a whole frame.
    package static func append(
        _ opcode: Opcode, _ payload: ArraySlice<UInt8>, isFinal: Bool = true, isCompressed: Bool = false,
        mask: UInt32? = nil, to output: inout [UInt8]
    ) {
        appendHeader(
            opcode, isFinal: isFinal, isCompressed: isCompressed, payloadBytes: payload.count, mask: mask, to: &output)
        let start = output.count
        output.append(contentsOf: payload)
        if let mask { applyMask(mask, to: &output, from: start, payloadOffset: 0) }
    }

    /// XORs the bytes from `start` to the end with the mask (§5.3), eight at a time; it undoes itself.
    /// - Parameter payloadOffset: how many bytes of the frame's payload came before them.
    static func applyMask(_ mask: UInt32, to bytes: inout [UInt8], from start: Int, payloadOffset: Int) {
        guard mask != 0, start < bytes.count else { return }
        let shift = UInt32(payloadOffset & 3) * 8
        let turned = shift == 0 ? mask : mask >> shift | mask << (32 - shift)
        let little = UInt64(turned) << 32 | UInt64(turned)
        let wide = little.littleEndian
        bytes.withUnsafeMutableBytes { all in
            // SAFETY: `start` is within the array; `index` stays below `end - 7` for the wide steps and `end` after.
            var index = start
            let end = all.count
            while index + 8 <= end {
                let word = all.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                all.storeBytes(of: word ^ wide, toByteOffset: index, as: UInt64.self)
                index += 8
            }
            while index < end {
                all[index] ^= UInt8(truncatingIfNeeded: turned >> (UInt32((index - start) & 3) * 8))
                index += 1
            }
        }
    }
}
