import Jobs
import Testing

@Suite struct EffectChoiceTests {
    private func found(_ id: String, alive: Bool = true, same: Bool = true) -> FoundEffect<String> {
        FoundEffect(receipt: id, vendorID: id, isAlive: alive, isSameContent: same)
    }

    /// What is kept, then the extras; "-" when nothing may be kept.
    private func choice(_ found: [FoundEffect<String>]) -> [String] {
        switch EffectChoice.among(found) {
        case .nothing: []
        case .keep(let kept, let extras): [kept.vendorID] + extras.map(\.vendorID)
        case .foreign(let foreign): ["-"] + foreign.map(\.vendorID)
        }
    }

    @Test func nothingOrOnlyTheDeadMayBeSent() {
        #expect(choice([]) == [])
        #expect(choice([found("1", alive: false), found("2", alive: false, same: false)]) == [])
    }

    @Test func theLowestNumberIsKeptInWhateverOrderTheyCome() {
        let three = [found("9"), found("10"), found("100")]
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        for order in orders {
            #expect(choice(order.map { three[$0] }) == ["9", "10", "100"])
        }
    }

    @Test func oneThingInTwoPlacesIsOne() {
        #expect(choice([found("7"), found("7"), found("7", alive: false)]) == ["7"])
    }

    @Test func whatIsNotEqualIsNotAdopted() {
        #expect(choice([found("1", same: false)]) == ["-", "1"])
        #expect(choice([found("1", same: false), found("2")]) == ["2", "1"])
        #expect(choice([found("1", alive: false), found("2", same: false)]) == ["-", "2"])
    }
}
