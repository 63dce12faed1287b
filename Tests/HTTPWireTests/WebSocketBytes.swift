import HTTPWire

/// Frames as a client makes them, and what a receiver says to bytes.
enum WebSocketBytes {
    static func frame(
        _ opcode: WebSocketFrame.Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, isCompressed: Bool = false,
        mask: UInt32? = 0x3D21_FA37
    ) -> [UInt8] {
        var output: [UInt8] = []
        WebSocketFrame.append(
            opcode, payload[...], isFinal: isFinal, isCompressed: isCompressed, mask: mask, to: &output)
        return output
    }

    static func text(_ text: String, isFinal: Bool = true) -> [UInt8] {
        frame(.text, Array(text.utf8), isFinal: isFinal)
    }

    static func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    /// Every event that the bytes make, when they come in pieces of that length.
    static func events(
        _ bytes: [UInt8], pieceBytes: Int = .max, limits: WebSocketLimits = WebSocketLimits(),
        deflate: WebSocketDeflate.Agreement? = nil
    ) -> [WebSocketReceiver.Event] {
        var receiver = WebSocketReceiver(limits: limits, deflate: deflate)
        var events: [WebSocketReceiver.Event] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var piece = rest.prefix(pieceBytes)
            rest = rest.dropFirst(piece.count)
            while let event = receiver.next(&piece) { events.append(event) }
        }
        return events
    }

    /// The code of the fault that the bytes end with; nil when they end with none.
    static func fault(
        _ bytes: [UInt8], limits: WebSocketLimits = WebSocketLimits(), deflate: WebSocketDeflate.Agreement? = nil
    ) -> UInt16? {
        guard case .fault(let fault)? = events(bytes, limits: limits, deflate: deflate).last else { return nil }
        return fault.code.value
    }

    static func agreement(
        _ offer: String = "permessage-deflate", settings: WebSocketDeflate.Settings = WebSocketDeflate.Settings()
    ) -> WebSocketDeflate.Agreement? {
        WebSocketExtension.parse([offer]).flatMap { WebSocketDeflate.agree(on: $0, settings: settings) }
    }
}
