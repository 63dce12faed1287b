import CoreMetrics
import HTTPServer
import Synchronization
import Testing

@Suite struct RefusalCounterTests {
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
