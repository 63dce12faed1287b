import HTTPWire
import Testing

/// Bytes that nobody would send: whatever they are, they do no harm, and their splitting does not matter.
@Suite struct WebSocketMutationTests {
    /// A linear congruential generator: the same bytes in every run.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let conversation: [UInt8] = {
        var bytes = WebSocketBytes.text("Grüße") + WebSocketBytes.frame(.ping, [1, 2, 3])
        bytes += WebSocketBytes.text("a", isFinal: false) + WebSocketBytes.frame(.continuation, Array("b".utf8))
        bytes += WebSocketBytes.frame(.text, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], isCompressed: true)
        bytes += WebSocketBytes.frame(.binary, Array(repeating: 7, count: 200)) + WebSocketBytes.close(1000)
        return bytes
    }()

    @Test(arguments: 0..<40)
    func everySplitOfMutatedBytesGivesTheSame(_ seed: Int) throws {
        var random = Seeded(state: UInt64(seed))
        let agreement = try #require(WebSocketBytes.agreement())
        var limits = WebSocketLimits()
        limits.messageBytesMaximum = 10_000
        for _ in 0..<50 {
            var bytes = Self.conversation
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let whole = WebSocketBytes.events(bytes, limits: limits, deflate: agreement)
            for pieceBytes in [1, 2, 3, 7, Int.random(in: 4..<100, using: &random)] {
                let split = WebSocketBytes.events(bytes, pieceBytes: pieceBytes, limits: limits, deflate: agreement)
                if split != whole { Issue.record("\(bytes) in pieces of \(pieceBytes): \(split), whole \(whole)") }
            }
        }
    }
}
