import HTTPWire
import Testing

/// RFC 6455 §5: every rule of a frame, and that the splitting of the bytes does not matter.
@Suite struct WebSocketFrameTests {
    private typealias Bytes = WebSocketBytes

    /// §5.7, as the RFC prints them.
    @Test func theExamplesOfTheRFC() {
        #expect(
            Bytes.events([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
                == [.message(.text("Hello"))])
        #expect(
            Bytes.events([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
                == [.pong(Array("Hello".utf8))])
        #expect(Bytes.frame(.text, Array("Hello".utf8), mask: nil) == [0x81, 5, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(
            Bytes.frame(.text, Array("Hello".utf8))
                == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        #expect(Bytes.frame(.text, Array("Hel".utf8), isFinal: false, mask: nil) == [1, 3, 0x48, 0x65, 0x6C])
        #expect(Bytes.frame(.continuation, Array("lo".utf8), mask: nil) == [0x80, 2, 0x6C, 0x6F])
        #expect(
            Bytes.frame(.binary, Array(repeating: 0, count: 256), mask: nil).prefix(4) == [0x82, 0x7E, 0x01, 0x00])
        #expect(
            Bytes.frame(.binary, Array(repeating: 0, count: 65_536), mask: nil).prefix(10)
                == [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])
    }

    @Test(arguments: [0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 65_535, 65_536, 65_537])
    func everyLengthComesBack(_ length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(Bytes.events(Bytes.frame(.binary, payload)) == [.message(.binary(payload))])
        #expect(Bytes.events(Bytes.frame(.binary, payload, mask: 0)) == [.message(.binary(payload))])
    }

    @Test func everySplitGivesTheSame() {
        let long = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        var bytes = Bytes.text("Grüße, 世界 🌍") + Bytes.frame(.ping, Array("p".utf8))
        bytes += Bytes.text("Hel", isFinal: false) + Bytes.frame(.pong) + Bytes.frame(.continuation, Array("lo".utf8))
        bytes +=
            Bytes.frame(.binary, long, mask: 0x0102_0304) + Bytes.frame(.text) + Bytes.close(1000, Array("bye".utf8))
        let expected: [WebSocketReceiver.Event] = [
            .message(.text("Grüße, 世界 🌍")), .ping(Array("p".utf8)), .pong([]), .message(.text("Hello")),
            .message(.binary(long)), .message(.text("")), .close(WebSocketClose(code: .normal, reason: "bye")),
        ]
        for pieceBytes in 1...bytes.count { #expect(Bytes.events(bytes, pieceBytes: pieceBytes) == expected) }
    }

    @Test func everySplitOfAFaultGivesTheSame() {
        let bytes = Bytes.text("fine") + Bytes.frame(.text, [0x61, 0xC3, 0x28]) + Bytes.text("not read")
        for pieceBytes in 1...bytes.count {
            let events = Bytes.events(bytes, pieceBytes: pieceBytes)
            #expect(events.count == 2)
            #expect(events.first == .message(.text("fine")))
            guard case .fault(let fault)? = events.last else {
                Issue.record("no fault in pieces of \(pieceBytes)")
                continue
            }
            #expect(fault.code == .invalidData)
        }
    }

    @Test(
        arguments: [
            // RSV2, RSV3, and RSV1 without an extension.
            [0xA1], [0x91], [0xC1, 0x80, 0, 0, 0, 0],
            // Reserved opcodes: judged by the first byte alone.
            [0x83], [0x84], [0x85], [0x86], [0x87], [0x8B], [0x8C], [0x8D], [0x8E], [0x8F],
            // Not masked.
            [0x81, 0x00], [0x81, 0x05],
            // A control frame that is fragmented, compressed or too long.
            [0x09], [0x08], [0xC9], [0x89, 0xFE], [0x88, 0xFF],
            // Lengths not in their shortest form, and one above 2^63.
            [0x82, 0xFE, 0, 125], [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0],
            // A continuation of nothing.
            [0x80, 0x80, 0, 0, 0, 0], [0x00, 0x80, 0, 0, 0, 0],
            // A message inside a message.
            [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],
        ] as [[UInt8]])
    func whatNoFrameMayBe(_ bytes: [UInt8]) {
        #expect(Bytes.fault(bytes) == 1002)
        // No byte earlier than needed, none later: the fault is there with the last one.
        #expect(Bytes.fault(bytes.dropLast()) == nil)
    }

    @Test func lengthsAreLimitedWhenTheyAreAnnounced() {
        var limits = WebSocketLimits()
        limits.frameBytesMaximum = 10
        limits.messageBytesMaximum = 15
        func announced(_ length: UInt8, _ opcode: UInt8) -> [UInt8] { [opcode, 0x80 | length, 0, 0, 0, 0] }
        #expect(Bytes.fault(announced(10, 0x82), limits: limits) == nil)
        #expect(Bytes.fault(announced(11, 0x82), limits: limits) == 1009)
        #expect(Bytes.fault([0x82, 0xFF, 0x7F] + Array(repeating: 0xFF, count: 11), limits: limits) == 1009)
        let first = Bytes.frame(.binary, Array(repeating: 1, count: 10), isFinal: false)
        #expect(Bytes.fault(first + announced(5, 0x80), limits: limits) == nil)
        #expect(Bytes.fault(first + announced(6, 0x80), limits: limits) == 1009)
        // A control frame is not data: it has its own limit.
        #expect(Bytes.events(Bytes.frame(.ping, Array(repeating: 1, count: 125)), limits: limits).count == 1)
    }

    @Test func framesOfOneMessageAreCounted() {
        var limits = WebSocketLimits()
        limits.fragmentsMaximum = 3
        let start = Bytes.frame(.text, isFinal: false) + Bytes.frame(.continuation, isFinal: false)
        #expect(Bytes.events(start + Bytes.frame(.continuation), limits: limits) == [.message(.text(""))])
        let more = Bytes.frame(.continuation, isFinal: false)
        #expect(Bytes.fault(start + more + more, limits: limits) == 1009)
    }

    @Test func messagesSentAreCutIntoFrames() {
        var limits = WebSocketLimits()
        limits.sentFrameBytesMaximum = 4
        var sender = WebSocketSender(limits: limits)
        var output: [UInt8] = []
        sender.append(.text("123456789"), to: &output)
        sender.append(.binary([]), to: &output)
        let expected: [UInt8] = [
            0x01, 4, 0x31, 0x32, 0x33, 0x34, 0x00, 4, 0x35, 0x36, 0x37, 0x38, 0x80, 1, 0x39, 0x82, 0,
        ]
        #expect(output == expected)
    }
}
