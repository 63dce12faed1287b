import HTTPWire

/// What a whole input comes to, however its bytes were split.
struct Outcome: Equatable {
    var heads: [RequestHead] = []
    var bodies: [[UInt8]] = []
    var endCount = 0
    var fault: RequestFault?

    init(_ input: ArraySlice<UInt8>, pieceLengths: () -> Int) {
        var parser = RequestParser()
        var spare: [UInt8] = []
        var rest = input
        while true {
            switch parser.next() {
            case .needMore:
                guard !rest.isEmpty else { return }
                // As the server does: memory is lent for a read and given back behind it.
                parser.settle(&spare)
                parser.lend(&spare)
                let length = max(1, min(pieceLengths(), rest.count))
                parser.receive(rest.prefix(length))
                rest = rest.dropFirst(length)
            case .head(let head):
                heads.append(head)
                bodies.append([])
            case .body(let piece):
                precondition(!piece.isEmpty, "a piece of a body is never empty")
                precondition(bodies.count == endCount + 1, "a body without a head")
                bodies[bodies.count - 1] += piece
            case .end:
                endCount += 1
                precondition(endCount == heads.count, "an end without a head")
            case .fault(let fault):
                self.fault = fault
                precondition((400...599).contains(fault.status), "a fault's status")
                return
            }
        }
    }

    /// The same bytes whole, byte by byte and in pieces of lengths drawn from the input itself: one outcome.
    static func requireEqualForEverySplit(_ input: ArraySlice<UInt8>) {
        let whole = Outcome(input) { Int.max }
        precondition(whole == Outcome(input) { 1 }, "byte by byte gives another outcome")
        // FNV-1a, so that a finding repeats.
        var state = input.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let drawn = Outcome(input) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 60) + 1
        }
        precondition(whole == drawn, "a split gives another outcome")
    }
}

/// The bytes that libFuzzer lends for one call.
func input(_ data: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    // SAFETY: libFuzzer guarantees `count` readable bytes at `data` for the time of the call; they are copied here.
    guard let data, count > 0 else { return [] }
    return Array(UnsafeBufferPointer(start: data, count: count))
}
