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
}
