import CoreMetrics
import HTTPServer
import Synchronization
import Testing

@Suite struct FloodTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func oneLineASecondForEachAddress() {
        var limiter = OncePerSecondByAddress()
        #expect(limiter.admit("192.0.2.1", nowNanoseconds: 0) == 0)
        #expect(limiter.admit("192.0.2.1", nowNanoseconds: 1) == nil)
        #expect(limiter.admit("192.0.2.2", nowNanoseconds: 1) == 0)
        #expect(limiter.admit(nil, nowNanoseconds: 1) == 0)
        #expect(limiter.admit(nil, nowNanoseconds: 2) == nil)
        #expect(limiter.admit("192.0.2.1", nowNanoseconds: Self.second - 1) == nil)
        #expect(limiter.admit("192.0.2.1", nowNanoseconds: Self.second) == 2)
        #expect(limiter.admit("192.0.2.1", nowNanoseconds: 2 * Self.second) == 0)
    }

    @Test func aFloodOfAddressesIsAFloodOfOne() {
        var limiter = OncePerSecondByAddress()
        let admitted = (0..<10_000).filter { limiter.admit("a\($0)", nowNanoseconds: 5) != nil }
        // Those that have a place of their own, and the first of the others.
        #expect(admitted.count == OncePerSecondByAddress.addressesMaximum + 1)
        // A second later the places are free again.
        #expect(limiter.admit("new", nowNanoseconds: 5 + Self.second) == 0)
    }

    @Test func aClockThatGoesBackWritesNothingMore() {
        var limiter = OncePerSecondByAddress()
        #expect(limiter.admit("a", nowNanoseconds: 10 * Self.second) == 0)
        #expect(limiter.admit("a", nowNanoseconds: 1) == nil)
    }

    @Test func refusalsAreCountedByReasonOnHandlesMadeOnce() {
        let factory = CountingFactory()
        var counters = RefusalCounters(factory: factory)
        for _ in 0..<100 { counters.count("header-too-large") }
        #expect(factory.made.count == 1)
        for number in 0..<1_000 { counters.count("made-up-\(number)") }
        #expect(factory.made.count == RefusalCounters.reasonsMaximum)
    }
}

/// Counts what is asked of it.
private final class CountingFactory: MetricsFactory, Sendable {
    let made = Made()

    final class Made: Sendable {
        private let labels = Mutex<[String]>([])
        var count: Int { labels.withLock { $0.count } }
        func note(_ label: String) { labels.withLock { $0.append(label) } }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        made.note("\(label) \(dimensions.map(\.1))")
        return NOOPMetricsHandler.instance
    }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
