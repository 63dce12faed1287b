// needs Sources/HTTPWire/WebSocket
import HTTPWire

/// Any bytes at all as a client's frames, with compression agreed or not: no crash, and the same events however split.
@_cdecl("LLVMFuzzerTestOneInput") public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(data, count)
    let offer = WebSocketExtension.parse([WebSocketDeflate.name]) ?? []
    for deflate in [nil, WebSocketDeflate.agree(on: offer, settings: .init())] {
        let whole = events(bytes, pieceBytes: Int.max, deflate)
        precondition(whole == events(bytes, pieceBytes: 1, deflate), "byte by byte gives other events")
        precondition(whole == events(bytes, pieceBytes: 1 + bytes.count % 13, deflate), "a split gives other events")
    }
    return 0
}

private func events(
    _ bytes: [UInt8], pieceBytes: Int, _ deflate: WebSocketDeflate.Agreement?
) -> [WebSocketReceiver.Event] {
    var receiver = WebSocketReceiver(limits: WebSocketLimits(), deflate: deflate)
    var events: [WebSocketReceiver.Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        var piece = rest.prefix(pieceBytes)
        rest = rest.dropFirst(pieceBytes)
        while let event = receiver.next(&piece) { events.append(event) }
        precondition(piece.isEmpty, "bytes were left and no event was given")
    }
    return events
}
