import HTTPWire
import Testing

/// RFC 7692: the negotiation, the examples of §7.2.3, and what compressed data may not be.
@Suite struct WebSocketDeflateTests {
    private typealias Bytes = WebSocketBytes

    // MARK: Negotiation

    private static let plain: WebSocketDeflate.Settings = {
        var settings = WebSocketDeflate.Settings()
        settings.serverWindowBits = 15
        return settings
    }()

    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=10", "permessage-deflate; client_max_window_bits=10"),
        ("permessage-deflate; client_max_window_bits=\"10\"", "permessage-deflate; client_max_window_bits=10"),
        ("permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9"),
        ("permessage-deflate; server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15"),
        ("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
        ("permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
        (
            "permessage-deflate;server_no_context_takeover ; client_no_context_takeover;server_max_window_bits = 12",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12"
        ),
        // The first that can be had wins.
        (
            "x-other, permessage-deflate; unknown, permessage-deflate; server_max_window_bits=11",
            "permessage-deflate; server_max_window_bits=11"
        ),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", "permessage-deflate"),
    ])
    func offersThatAreAccepted(_ offer: String, _ answer: String) {
        #expect(Bytes.agreement(offer, settings: Self.plain)?.answer == answer)
    }

    @Test(arguments: [
        "permessage-deflate; unknown", "permessage-deflate; unknown=1", "x-webkit-deflate-frame", "",
        "permessage-deflate; server_no_context_takeover=1", "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits=09",
        "permessage-deflate; server_max_window_bits=+9", "permessage-deflate; client_max_window_bits=1000",
        "permessage-deflate; client_max_window_bits=010", "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=10; client_max_window_bits",
    ])
    func offersThatAreDeclined(_ offer: String) {
        #expect(Bytes.agreement(offer, settings: Self.plain) == nil)
    }

    @Test func ownWishesAreSaid() {
        var settings = WebSocketDeflate.Settings()
        settings.serverWindowBits = 10
        settings.clientWindowBits = 11
        settings.serverNoContextTakeover = true
        #expect(
            Bytes.agreement("permessage-deflate; client_max_window_bits", settings: settings)?.answer
                == "permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11"
        )
        // Not to a client that does not know it (§7.1.2.2).
        let agreement = Bytes.agreement("permessage-deflate", settings: settings)
        #expect(agreement?.answer == "permessage-deflate; server_no_context_takeover; server_max_window_bits=10")
        #expect(agreement?.clientWindowBits == 15)
    }

    @Test(arguments: [
        "permessage-deflate; ", ";", "permessage-deflate foo", "a; b=", "a; b=\"c", "a; b=\"\"", "a; b=\"c d\"",
        "a; =b",
        "a=b", "\"a\"",
    ])
    func linesThatCannotBeRead(_ line: String) {
        #expect(WebSocketExtension.parse([line]) == nil)
    }

    @Test func linesAreOneList() {
        let elements = WebSocketExtension.parse(["a; x=1; y, ,b", "", "c;z=\"q\\w\""])
        #expect(elements?.map(\.name) == ["a", "b", "c"])
        #expect(elements?[0].parameters.map(\.value) == ["1", nil])
        #expect(elements?[2].parameters.map(\.value) == ["qw"])
    }

    // MARK: Messages

    private func received(_ frames: [UInt8], offer: String = "permessage-deflate") -> [WebSocketReceiver.Event] {
        let agreement = Bytes.agreement(offer)
        let whole = Bytes.events(frames, deflate: agreement)
        for pieceBytes in 1..<min(frames.count, 40) {
            #expect(Bytes.events(frames, pieceBytes: pieceBytes, deflate: agreement) == whole)
        }
        return whole
    }

    private func compressed(_ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        Bytes.frame(.text, payload, isFinal: isFinal, isCompressed: true)
    }

    private static let hello: WebSocketReceiver.Event = .message(.text("Hello"))

    /// §7.2.3.1 and, in two frames, the same.
    @Test func oneDeflateBlock() {
        #expect(received(compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])) == [Self.hello])
        let first = compressed([0xF2, 0x48, 0xCD], isFinal: false)
        #expect(received(first + Bytes.frame(.continuation, [0xC9, 0xC9, 0x07, 0x00])) == [Self.hello])
    }

    /// §7.2.3.2: the second one refers back to the first.
    @Test func theWindowSlidesOn() {
        let first = compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        let second = compressed([0xF2, 0x00, 0x11, 0x00, 0x00])
        #expect(received(first + second) == [Self.hello, Self.hello])
        let forgetful = received(first + second, offer: "permessage-deflate; client_no_context_takeover")
        guard case .fault(let fault)? = forgetful.last else {
            Issue.record("a reference to what was forgotten was taken")
            return
        }
        #expect(fault.code == .invalidData)
        #expect(
            received(first + first, offer: "permessage-deflate; client_no_context_takeover")
                == [Self.hello, Self.hello])
    }

    /// §7.2.3.3, §7.2.3.4, §7.2.3.5, §7.2.3.6.
    @Test(
        arguments: [
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]])
    func otherBlocks(_ payload: [UInt8]) {
        #expect(received(compressed(payload)) == [Self.hello])
        // After a block that says it is the last, the next message still knows the first.
        #expect(
            received(compressed(payload) + compressed([0xF2, 0x00, 0x11, 0x00, 0x00])) == [Self.hello, Self.hello])
    }

    @Test func emptyMessages() {
        #expect(received(compressed([0x00])) == [.message(.text(""))])
        #expect(received(compressed([]) + compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])).last == Self.hello)
    }

    @Test func messagesAreCompressedOrNot() {
        #expect(received(Bytes.text("Hello") + compressed([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])).count == 2)
    }

    @Test(
        arguments: [
            // No deflated data at all; a block type that does not exist; a message cut within its data.
            [0xFF, 0xFF, 0xFF, 0xFF], [0x07], [0xF2, 0x48, 0xCD, 0xC9], [0xF2],
        ] as [[UInt8]])
    func brokenDataIs1007(_ payload: [UInt8]) {
        #expect(Bytes.fault(compressed(payload), deflate: Bytes.agreement()) == 1007)
    }

    @Test func theReservedBitBelongsToTheFirstFrameOfData() {
        let first = compressed([0xF2, 0x48, 0xCD], isFinal: false)
        let second = Bytes.frame(.continuation, [0xC9, 0xC9, 0x07, 0x00], isCompressed: true)
        #expect(Bytes.fault(first + second, deflate: Bytes.agreement()) == 1002)
        #expect(Bytes.fault(Bytes.frame(.ping, isCompressed: true), deflate: Bytes.agreement()) == 1002)
        #expect(Bytes.fault(compressed([0]), deflate: nil) == 1002)
    }

    @Test func aBombIs1009() throws {
        var deflater = try Deflater(format: .raw(windowBits: 15))
        var bomb: [UInt8] = []
        try deflater.compress(Array(repeating: 0x61, count: 1_000_000)[...], flush: .sync, into: &bomb)
        #expect(bomb.count < 2_000)
        var limits = WebSocketLimits()
        limits.messageBytesMaximum = 999_999
        #expect(Bytes.fault(compressed(bomb.dropLast(4)), limits: limits, deflate: Bytes.agreement()) == 1009)
        limits.messageBytesMaximum = 1_000_000
        #expect(Bytes.fault(compressed(bomb.dropLast(4)), limits: limits, deflate: Bytes.agreement()) == nil)
    }

    @Test func compressedTextIsCheckedToo() throws {
        var deflater = try Deflater(format: .raw(windowBits: 15))
        var bytes: [UInt8] = []
        try deflater.compress([0x61, 0xC3, 0x28], flush: .sync, into: &bytes)
        #expect(Bytes.fault(compressed(bytes.dropLast(4)), deflate: Bytes.agreement()) == 1007)
    }

    @Test(
        arguments: [
            "permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=9",
        ], [1, 65_536])
    func whatIsSentIsReceived(_ offer: String, _ frameBytes: Int) throws {
        let agreement = try #require(Bytes.agreement(offer))
        var limits = WebSocketLimits()
        limits.sentFrameBytesMaximum = max(1_000, frameBytes)
        let texts = (0..<20).map { String(repeating: "line \($0) of many; ", count: $0 * 40) }
        var sender = WebSocketSender(limits: limits, deflate: agreement)
        var output: [UInt8] = []
        for text in texts {
            sender.append(.text(text), to: &output)
            sender.releaseMemory()
        }
        #expect(output.count < texts.reduce(0) { $0 + $1.utf8.count } / 4)
        #expect(
            Bytes.events(Self.masked(output), limits: limits, deflate: agreement) == texts.map { .message(.text($0)) })
    }

    @Test func smallMessagesAreSentAsTheyAre() throws {
        let agreement = try #require(Bytes.agreement())
        var sender = WebSocketSender(limits: WebSocketLimits(), deflate: agreement)
        var output: [UInt8] = []
        sender.append(.text("hello"), to: &output)
        #expect(output == [0x81, 5] + Array("hello".utf8))
    }

    /// A server's frames as a client's, with a mask that changes nothing.
    private static func masked(_ frames: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var rest = frames[...]
        while rest.count >= 2 {
            let start = rest.startIndex
            let short = Int(rest[start + 1])
            let extended = short == 126 ? 2 : short == 127 ? 8 : 0
            let length =
                extended == 0 ? short : rest[(start + 2)..<(start + 2 + extended)].reduce(0) { $0 << 8 | Int($1) }
            output +=
                [rest[start], 0x80 | rest[start + 1]] + rest[(start + 2)..<(start + 2 + extended)] + [0, 0, 0, 0]
            output += rest[(start + 2 + extended)...].prefix(length)
            rest = rest.dropFirst(2 + extended + length)
        }
        return output
    }
}
