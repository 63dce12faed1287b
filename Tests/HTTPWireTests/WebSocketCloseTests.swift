import HTTPWire
import Testing

/// RFC 6455 §5.5.1 and §7.4.
@Suite struct WebSocketCloseTests {
    private typealias Bytes = WebSocketBytes

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16])
    func codesThatMayBeSent(_ code: UInt16) {
        #expect(
            Bytes.events(Bytes.close(code, Array("why".utf8)))
                == [.close(WebSocketClose(code: WebSocketCloseCode(code), reason: "why"))])
    }

    @Test(
        arguments: [0, 1, 999, 1004, 1005, 1006, 1012, 1013, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
            as [UInt16])
    func codesThatMayNot(_ code: UInt16) {
        #expect(Bytes.fault(Bytes.close(code)) == 1002)
        #expect(!WebSocketCloseCode(code).mayBeSent)
    }

    @Test func anEmptyOneHasNoCode() {
        #expect(Bytes.events(Bytes.frame(.close)) == [.close(WebSocketClose(code: nil))])
        #expect(WebSocketClose(code: nil, reason: "x").payload == [])
    }

    @Test func oneByteIsNoCode() {
        #expect(Bytes.fault(Bytes.frame(.close, [3])) == 1002)
    }

    @Test(arguments: [[0xC3], [0xFF], [0x61, 0xED, 0xA0, 0x80]] as [[UInt8]])
    func aReasonIsUTF8(_ reason: [UInt8]) {
        #expect(Bytes.fault(Bytes.close(1000, reason)) == 1007)
    }

    @Test func nothingIsReadAfterIt() {
        #expect(Bytes.events(Bytes.close(1000) + Bytes.text("late") + [0xFF]).count == 1)
    }

    @Test func itMayComeInsideAMessage() {
        #expect(
            Bytes.events(Bytes.text("a", isFinal: false) + Bytes.close(1001))
                == [.close(WebSocketClose(code: .goingAway))])
    }

    @Test func aLongReasonIsCutBetweenCharacters() {
        let payload = WebSocketClose(code: .normal, reason: String(repeating: "€", count: 50)).payload
        #expect(payload.count == 125)
        #expect(payload == [0x03, 0xE8] + Array(String(repeating: "€", count: 41).utf8))
        #expect(WebSocketClose(code: .normal, reason: "a" + String(repeating: "€", count: 41)).payload.count == 123)
    }
}
