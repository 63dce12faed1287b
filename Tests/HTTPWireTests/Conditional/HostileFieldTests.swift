import HTTPWire
import Testing

/// Whatever bytes come: an answer, and one that keeps its promises.
@Suite struct HostileFieldTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 32) | (state << 32)
        }
    }

    private func texts(of alphabet: String, count: Int = 3_000, _ body: (String) throws -> Void) rethrows {
        var generator = Generator(state: 42)
        let bytes = Array(alphabet.utf8)
        for _ in 0..<count {
            let length = Int.random(in: 0...30, using: &generator)
            let text = (0..<length).compactMap { _ in bytes.randomElement(using: &generator) }
            try body(String(decoding: text, as: UTF8.self))
        }
    }

    @Test func rangesLieInsideAndApart() {
        var satisfied = 0
        texts(of: "0123459-,, -") { text in
            for length in [0, 1, 7, 1_000] {
                guard case .some(let ranges) = ByteRanges("bytes=\(text)", lengthBytes: length) else { continue }
                satisfied += 1
                #expect(!ranges.isEmpty && ranges.count <= ByteRanges.rangesMaximum, "\(text)")
                #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= length }, "\(text)")
                let total = ranges.reduce(0) { $0 + $1.count }
                #expect(total == Set(ranges.flatMap { Array($0) }).count, "\(text) overlaps")
            }
        }
        #expect(satisfied > 100)
    }

    @Test func tagsAreWrittenAsTheyWereRead() {
        var read = 0
        texts(of: "W/\"\"\"ab,é*\\ ") { text in
            if let tag = EntityTag(parsing: text) {
                read += 1
                #expect(tag.description == text)
            }
            guard case .tags(let tags) = EntityTag.List([text]) else { return }
            #expect(EntityTag.List([tags.map(\.description).joined(separator: ", ")]) == .tags(tags), "\(text)")
        }
        #expect(read > 5)
    }

    @Test func datesAreReadOrNot() {
        texts(of: "Sun, 06NovGMT:4-9") { text in
            guard let seconds = HTTPDate.parse(text, currentYear: .max) else { return }
            #expect(HTTPDate.parse(HTTPDate.format(unixSeconds: seconds), currentYear: .min) == max(0, seconds))
        }
    }

    @Test func wishesAreReadOrNot() {
        texts(of: "gzip;q=0.1*, xX") { text in
            // Asked as two lines or as one: the same list.
            #expect(
                AcceptEncoding.prefersGzip(["br", text]) == AcceptEncoding.prefersGzip(["br,\(text)"]), "\(text)")
            #expect(text.lowercased().contains("gzip") || text.contains("*") || !AcceptEncoding.prefersGzip([text]))
        }
    }
}
