import HTTPWire
import Testing

/// RFC 6455 §8.1 and RFC 3629: text is judged at the byte that shows it.
@Suite struct WebSocketTextTests {
    /// - Returns: how many bytes were taken, and whether a character is left open; nil for a refusal.
    private func verdict(_ bytes: [UInt8]) -> (accepted: Int, isComplete: Bool) {
        var validator = UTF8Validator()
        for (index, byte) in bytes.enumerated() where !validator.accept([byte]) { return (index, false) }
        return (bytes.count, validator.isComplete)
    }

    @Test func agreesWithTheStandardLibraryOnEveryPairAndMore() {
        let leads: [UInt8] =
            [0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF]
            + [0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
        let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for first in leads {
            for second in 0...255 as ClosedRange<UInt8> {
                check([first, second])
                for third in edges { for fourth in edges { check([first, second, third, fourth]) } }
            }
        }
    }

    private func check(_ bytes: [UInt8]) {
        let isValid = String(validating: bytes, as: UTF8.self) != nil
        var whole = UTF8Validator()
        let isAccepted = whole.accept(bytes[...]) && whole.isComplete
        if isAccepted != isValid { Issue.record("\(bytes) is \(isValid ? "" : "not ")UTF-8") }
    }

    @Test(
        arguments: [
            ([0xC0], 0), ([0xE0, 0x9F], 1), ([0xED, 0xA0], 1), ([0xF0, 0x8F], 1), ([0xF4, 0x90], 1), ([0xF5], 0),
            ([0x61, 0xE2, 0x82, 0x61], 3), ([0x80], 0), ([0xC3, 0xC3], 1),
        ] as [([UInt8], Int)])
    func saysNoAtTheFirstImpossibleByte(_ bytes: [UInt8], _ accepted: Int) {
        #expect(verdict(bytes).accepted == accepted)
    }

    @Test func aCharacterAcrossFramesIsOne() {
        let euro: [UInt8] = [0xE2, 0x82, 0xAC]
        var bytes = WebSocketBytes.frame(.text, [euro[0]], isFinal: false)
        bytes += WebSocketBytes.frame(.continuation, [euro[1]], isFinal: false)
        bytes += WebSocketBytes.frame(.continuation, [euro[2]])
        #expect(WebSocketBytes.events(bytes) == [.message(.text("€"))])
    }

    @Test func badTextFailsBeforeItsFrameIsWhole() {
        // A frame of 100 bytes is announced; three have come.
        let bytes: [UInt8] = [0x81, 0x80 | 100, 0, 0, 0, 0, 0x61, 0xED, 0xA0]
        #expect(WebSocketBytes.fault(bytes) == 1007)
        #expect(WebSocketBytes.fault(bytes.dropLast()) == nil)
    }

    @Test func anOpenCharacterAtTheEndFails() {
        #expect(WebSocketBytes.fault(WebSocketBytes.frame(.text, [0x61, 0xE2, 0x82])) == 1007)
        #expect(WebSocketBytes.fault(WebSocketBytes.frame(.binary, [0x61, 0xE2, 0x82])) == nil)
    }
}
