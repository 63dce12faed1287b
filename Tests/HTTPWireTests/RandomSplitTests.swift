import Foundation
import HTTPWire
import Testing

/// Requests put together and damaged by chance; the seed that a failure prints makes it come again.
@Suite struct RandomSplitTests {
    /// Numbers from a seed (SplitMix64).
    private struct SeededNumbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let seedOfThisRun = UInt64.random(in: .min ... .max)

    @Test func madeUpRequestsMeanTheSameHoweverTheyAreSplit() {
        for number in 0..<400 {
            let seed = Self.seedOfThisRun &+ UInt64(number)
            var numbers = SeededNumbers(state: seed)
            let bytes = Self.requests(&numbers)
            let whole = Outcome.of(bytes, piecesOf: max(1, bytes.count))
            #expect(Outcome.of(bytes, piecesOf: 1) == whole, "seed \(seed), byte by byte")
            #expect(Self.outcome(of: bytes, &numbers) == whole, "seed \(seed), split by chance")
        }
    }

    /// Everything that was ever found, or thought of, as `scripts/fuzz` starts from it.
    @Test(arguments: ["RequestParser", "ChunkedDecoder"])
    func everySeedMeansTheSameHoweverItIsSplit(_ target: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fuzz/Seeds/\(target)").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        let head = target == "ChunkedDecoder" ? "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" : ""
        for file in files {
            let bytes = Array(head.utf8) + Array(try Data(contentsOf: file))
            let whole = Outcome.of(bytes, piecesOf: bytes.count)
            for size in 1...5 {
                #expect(Outcome.of(bytes, piecesOf: size) == whole, "\(file.lastPathComponent), in pieces of \(size)")
            }
        }
    }

    private static let parts = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /a?b HTTP/1.1\r\nHost: a\r\n", "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n", "a;b=\"c\"\r\n0123456789\r\n", "0\r\n\r\n",
        "0\r\nX: y\r\n\r\n",
        "\r\n", "X-Test: \t1 \r\n", "Connection: close\r\n", "Expect: 100-continue\r\n",
        "GET http://b/ HTTP/1.0\r\n\r\n",
    ]

    private static func requests(_ numbers: inout SeededNumbers) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...8, using: &numbers) {
            bytes += Array((parts.randomElement(using: &numbers) ?? "").utf8)
        }
        for _ in 0..<Int.random(in: 0...2, using: &numbers) {
            let index = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0...2, using: &numbers) {
            case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &numbers)
            case 1: bytes.insert(UInt8(ascii: "\n"), at: index)
            default: if bytes.count > 1 { bytes.remove(at: index) }
            }
        }
        return bytes
    }

    private static func outcome(of bytes: [UInt8], _ numbers: inout SeededNumbers) -> Outcome {
        var parser = RequestParser()
        var outcome = Outcome()
        var rest = bytes[...]
        while true {
            switch parser.next() {
            case .needMore:
                guard !rest.isEmpty else { return outcome }
                let length = Int.random(in: 1...min(rest.count, 40), using: &numbers)
                parser.receive(rest.prefix(length))
                rest = rest.dropFirst(length)
            case .head(let head):
                outcome.heads.append(head)
                outcome.bodies.append([])
            case .body(let piece): outcome.bodies[outcome.bodies.count - 1] += piece
            case .end: outcome.ends += 1
            case .fault(let fault):
                outcome.fault = fault
                return outcome
            }
        }
    }
}
