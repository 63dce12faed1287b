import GridFlock
import Testing

@Suite struct RecentTests {
    @Test func whatIsUsedIsRememberedAndTheRestIsBounded() {
        var recent = Recent<Int, String>(countMaximum: 10)
        recent.set(-1, "used")
        for number in 0..<100 {
            recent.set(number, "\(number)")
            #expect(recent.use(-1) == "used")
            #expect(recent.count <= 10)
        }
        #expect(recent.peek(99) == "99" && recent.peek(0) == nil)
        recent.set(99, "changed")
        #expect(recent.use(99) == "changed")
    }

    @Test func whatIsHeavyMakesRoomAndWhatIsTooHeavyIsForgotten() {
        var recent = Recent<Int, String>(countMaximum: 1_000)
        for number in 0..<100 {
            recent.set(number, "\(number)", weight: 99)
            recent.set(number, "\(number)", weight: 100)
            #expect(recent.weight <= 1_000 && recent.count <= 10)
        }
        #expect(recent.peek(99) == "99" && recent.peek(95) == "95")
        recent.set(99, "larger than all", weight: 501)
        #expect(recent.peek(99) == nil && recent.peek(98) == "98")
    }
}
