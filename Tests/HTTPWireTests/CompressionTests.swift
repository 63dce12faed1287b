import HTTPWire
import Testing

/// zlib behind its two wrappers.
@Suite struct CompressionTests {
    private static let text = Array(
        String(repeating: "the rain in Spain stays mainly in the plain ", count: 2_000).utf8)

    @Test(arguments: [CompressionFormat.gzip, .raw(windowBits: 15), .raw(windowBits: 9)])
    func whatGoesInComesOut(_ format: CompressionFormat) throws {
        var deflater = try Deflater(format: format)
        var compressed: [UInt8] = []
        try deflater.compress(Self.text[..<10_000], flush: .none, into: &compressed)
        try deflater.compress(Self.text[10_000...], flush: .finish, into: &compressed)
        #expect(compressed.count < Self.text.count / 20)
        var inflater = try Inflater(format: format)
        var output: [UInt8] = []
        for index in compressed.indices {
            let used = try inflater.inflate(
                compressed[index...index], into: &output, outputBytesMaximum: Self.text.count)
            #expect(used == 1)
        }
        #expect(output == Self.text)
        let hasEnded = inflater.hasEnded
        #expect(hasEnded)
    }

    @Test func gzipHasItsMagicNumber() throws {
        var deflater = try Deflater(format: .gzip)
        var compressed: [UInt8] = []
        try deflater.compress([], flush: .finish, into: &compressed)
        // RFC 1952 §2.3.1: ID1, ID2, CM = deflate.
        #expect(compressed.prefix(3) == [0x1F, 0x8B, 8])
    }

    @Test func aSyncFlushEndsWithAnEmptyBlock() throws {
        var deflater = try Deflater(format: .raw(windowBits: 15))
        var compressed: [UInt8] = []
        try deflater.compress(Array("Hello".utf8)[...], flush: .sync, into: &compressed)
        #expect(compressed.suffix(4) == [0, 0, 0xFF, 0xFF])
    }

    @Test(arguments: [0, 1, 16_383, 16_384, 87_999])
    func aBombIsStoppedAtTheLimit(_ limit: Int) throws {
        var deflater = try Deflater(format: .gzip)
        var compressed: [UInt8] = []
        try deflater.compress(Self.text[...], flush: .finish, into: &compressed)
        var inflater = try Inflater(format: .gzip)
        var output: [UInt8] = []
        #expect(throws: CompressionFailure.tooLarge) {
            _ = try inflater.inflate(compressed[...], into: &output, outputBytesMaximum: limit)
        }
        #expect(output.count == limit)
    }

    @Test func outputOfManyPiecesIsWhole() throws {
        // Bytes that do not compress: more than one piece comes out of one call.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let noise = (0..<100_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        var deflater = try Deflater(format: .raw(windowBits: 15))
        var compressed: [UInt8] = []
        try deflater.compress(noise[...], flush: .sync, into: &compressed)
        var inflater = try Inflater(format: .raw(windowBits: 15))
        var output: [UInt8] = []
        _ = try inflater.inflate(compressed[...], into: &output, outputBytesMaximum: 100_000)
        #expect(output == noise)
    }

    @Test func nonsenseIsMalformed() throws {
        var inflater = try Inflater(format: .gzip)
        var output: [UInt8] = []
        #expect(throws: CompressionFailure.malformed) {
            _ = try inflater.inflate(Array("this is no gzip at all".utf8)[...], into: &output, outputBytesMaximum: 100)
        }
    }

    @Test func whatFollowsTheEndIsLeft() throws {
        var deflater = try Deflater(format: .gzip)
        var compressed: [UInt8] = []
        try deflater.compress(Array("abc".utf8)[...], flush: .finish, into: &compressed)
        let length = compressed.count
        var inflater = try Inflater(format: .gzip)
        var output: [UInt8] = []
        let used = try inflater.inflate((compressed + [1, 2, 3])[...], into: &output, outputBytesMaximum: 100)
        #expect(used == length)
        inflater.reset()
        _ = try inflater.inflate(compressed[...], into: &output, outputBytesMaximum: 100)
        #expect(output == Array("abcabc".utf8))
    }

    @Test func aWindowThatZlibDoesNotHaveIsSaid() {
        #expect(throws: CompressionFailure.unavailable) {
            var deflater = try Deflater(format: .raw(windowBits: 8))
            deflater.reset()
        }
    }
}
