import HTTPWire
import Testing

/// RFC 9112 §2.2: a message is its bytes; how they were cut into pieces on the way must never show.
@Suite struct SplitTests {
    @Test(arguments: ConformanceGroup.all.map(\.name))
    func everyCaseMeansTheSameHoweverItIsSplit(_ name: String) throws {
        let group = try #require(ConformanceGroup.all.first { $0.name == name })
        for conformanceCase in group.cases {
            let bytes = conformanceCase.sentBytes
            let whole = Self.events(of: bytes, pieceLength: max(1, bytes.count))
            // The long ones in long pieces: their length is what they are about, not their bytes.
            let lengths = bytes.count <= 2_048 ? [1, 2, 3, 7] : [1_021, 16_384]
            for length in lengths {
                #expect(
                    Self.events(of: bytes, pieceLength: length) == whole,
                    "\(conformanceCase.name), in pieces of \(length)")
            }
        }
    }

    /// The parser's events; pieces of one body put together.
    private static func events(of bytes: [UInt8], pieceLength: Int) -> [RequestParser.Event] {
        var parser = RequestParser()
        var events: [RequestParser.Event] = []
        var start = 0
        while true {
            let event = parser.next()
            switch event {
            case .needMore:
                guard start < bytes.count else { return events }
                let end = min(start + pieceLength, bytes.count)
                parser.receive(bytes[start..<end])
                start = end
            case .body(let piece):
                if case .body(let before)? = events.last {
                    events[events.count - 1] = .body(before + piece)
                } else {
                    events.append(event)
                }
            case .head, .end: events.append(event)
            case .fault: return events + [event]
            }
        }
    }
}
