import GridFlock
import Testing

@Suite struct RateLimiterTests {
    @Test func aClientMayAskSoOftenAndThenAsTheBucketFills() {
        var limiter = RateLimiter(perClientPerMinute: 3, totalPerMinute: 100)
        for _ in 0..<3 { #expect(limiter.take("a", at: 0) == nil) }
        #expect(limiter.take("a", at: 0) == 20)
        #expect(limiter.take("a", at: 19) == 1)
        #expect(limiter.take("b", at: 19) == nil, "another client")
        #expect(limiter.take("a", at: 20) == nil)
        #expect(limiter.take("a", at: 20) == 20)
        for _ in 0..<3 { #expect(limiter.take("a", at: 10_000) == nil, "a full bucket holds no more than a minute's") }
        #expect(limiter.take("a", at: 10_000) == 20)
    }

    @Test func allTogetherMayAskSoOften() {
        var limiter = RateLimiter(perClientPerMinute: 10, totalPerMinute: 4)
        for client in ["a", "b", "c", "d"] { #expect(limiter.take(client, at: 1) == nil) }
        #expect(limiter.take("e", at: 1) == 15)
        #expect(limiter.take("e", at: 16) == nil)
        #expect(limiter.take("f", at: 16) == 15, "a refused client spends nothing of the others'")
    }

    @Test func manyClientsTakeNoMoreMemoryAndFreeNobodyWhoStillAsks() {
        var limiter = RateLimiter(perClientPerMinute: 1, totalPerMinute: 1_000_000)
        #expect(limiter.take("idle", at: 0) == nil)
        #expect(limiter.take("busy", at: 0) == nil)
        for client in 0..<(2 * RateLimiter.clientsMaximum) {
            #expect(limiter.take("\(client)", at: 1) == nil)
            if client.isMultiple(of: 1_000) { #expect(limiter.take("busy", at: 1) != nil, "it is remembered") }
        }
        #expect(limiter.clientCount <= RateLimiter.clientsMaximum)
        #expect(limiter.take("idle", at: 1) == nil, "the one heard of longest ago was forgotten")
    }

    @Test func whoIsRefusedForAllTogetherTakesNoRoom() {
        var limiter = RateLimiter(perClientPerMinute: 1, totalPerMinute: 2)
        #expect(limiter.take("a", at: 0) == nil)
        #expect(limiter.take("b", at: 0) == nil)
        for client in 0..<1_000 { #expect(limiter.take("\(client)", at: 0) != nil) }
        #expect(limiter.clientCount == 2)
    }

    @Test func aClockThatStandsStillFillsNothing() {
        var limiter = RateLimiter(perClientPerMinute: 1, totalPerMinute: 10)
        #expect(limiter.take("a", at: 5) == nil)
        #expect(limiter.take("a", at: 4) == 60, "one that goes back neither")
    }
}
