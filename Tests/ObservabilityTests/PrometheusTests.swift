import CoreMetrics
import Metrics
import Observability
import Testing

@Suite struct PrometheusTests {
    @Test func aCounterIsNamedTypedAndCounted() {
        let registry = PrometheusRegistry()
        let counter = registry.makeCounter(label: "jobs.completed", dimensions: [("kind", "inbox.process")])
        counter.increment(by: 2)
        registry.makeCounter(label: "jobs.completed", dimensions: [("kind", "inbox.process")]).increment(by: 1)
        let text = registry.exposition()
        #expect(text.contains("# TYPE forma3d_jobs_completed_total counter\n"))
        #expect(text.contains("# HELP forma3d_jobs_completed_total jobs completed\n"))
        #expect(text.contains("forma3d_jobs_completed_total{kind=\"inbox.process\"} 3\n"))
    }

    @Test func labelsInAnyOrderAreOneSeries() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "c", dimensions: [("a", "1"), ("b", "2")]).increment(by: 1)
        registry.makeCounter(label: "c", dimensions: [("b", "2"), ("a", "1")]).increment(by: 1)
        #expect(registry.exposition().contains("forma3d_c_total{a=\"1\",b=\"2\"} 2\n"))
    }

    @Test func labelValuesAreEscaped() {
        let registry = PrometheusRegistry(namespace: "")
        registry.makeMeter(label: "g", dimensions: [("path", "a\"b\\c\nd")]).set(1.5)
        #expect(registry.exposition().contains(#"g{path="a\"b\\c\nd"} 1.5"# + "\n"))
    }

    @Test func aTimerIsAHistogramInSeconds() {
        let registry = PrometheusRegistry()
        let timer = registry.makeTimer(label: "http.request", dimensions: [])
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(400_000_000_000)
        let text = registry.exposition()
        #expect(text.contains("# TYPE forma3d_http_request_seconds histogram\n"))
        #expect(text.contains("forma3d_http_request_seconds_bucket{le=\"0.0025\"} 0\n"))
        #expect(text.contains("forma3d_http_request_seconds_bucket{le=\"0.005\"} 1\n"))
        #expect(text.contains("forma3d_http_request_seconds_bucket{le=\"120\"} 1\n"))
        #expect(text.contains("forma3d_http_request_seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(text.contains("forma3d_http_request_seconds_sum 400.003\n"))
        #expect(text.contains("forma3d_http_request_seconds_count 2\n"))
    }

    @Test func aRecorderIsAGaugeOrAHistogram() {
        let registry = PrometheusRegistry()
        registry.makeRecorder(label: "depth", dimensions: [], aggregate: false).record(Int64(7))
        registry.makeRecorder(label: "size", dimensions: [], aggregate: true).record(3.0)
        let text = registry.exposition()
        #expect(text.contains("# TYPE forma3d_depth gauge\nforma3d_depth 7\n"))
        #expect(text.contains("forma3d_size_bucket{le=\"5\"} 1\n"))
    }

    @Test func oneNameOfTwoKindsIsCountedAsDroppedAndHarmless() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "x", dimensions: []).set(1.0)
        registry.makeRecorder(label: "x", dimensions: [], aggregate: true).record(1.0)
        let text = registry.exposition()
        #expect(text.contains("forma3d_metrics_dropped_total 1\n"))
        #expect(text.contains("# TYPE forma3d_x gauge\n") && !text.contains("forma3d_x_bucket"))
    }

    @Test func unboundedLabelsStopAtTheLimit() {
        let registry = PrometheusRegistry()
        for index in 0..<(PrometheusRegistry.seriesMaximum + 10) {
            registry.makeCounter(label: "c", dimensions: [("order", "\(index)")]).increment(by: 1)
        }
        #expect(registry.exposition().contains("forma3d_metrics_dropped_total 10\n"))
    }

    @Test func aProbeIsReadWhenSomebodyLooks() {
        let registry = PrometheusRegistry()
        registry.gauge("pool.connections", help: "Open connections.") { 4 }
        #expect(registry.exposition().contains("# HELP forma3d_pool_connections Open connections.\n"))
        #expect(registry.exposition().contains("forma3d_pool_connections 4\n"))
    }

    @Test(
        arguments: [
            (0.0, "0"), (1.0, "1"), (-2.0, "-2"), (0.5, "0.5"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
            (1e300, "1e+300"),
        ] as [(Double, String)])
    func numbersAreWrittenAsTheFormatWantsThem(_ value: Double, _ text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test func everySampleHasItsTypeBeforeIt() throws {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "a b-c", dimensions: [("1x", "v")]).increment(by: 1)
        registry.makeTimer(label: "t", dimensions: []).recordNanoseconds(1)
        let text = registry.exposition() + ProcessMetrics.read(uptimeSeconds: 1).exposition
        var typed: Set<String> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let isNew = typed.insert(String(line.split(separator: " ")[2])).inserted
                #expect(isNew, "\(line) twice")
            } else if !line.hasPrefix("#") {
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                let bases =
                    [name]
                    + ["_bucket", "_sum", "_count"].map { $0 }.filter(name.hasSuffix).map {
                        String(name.dropLast($0.count))
                    }
                #expect(bases.contains(where: typed.contains), "\(line)")
                #expect(name.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil)
            }
        }
    }

    @Test func thisProcessUsesMemoryTimeAndDescriptors() {
        let metrics = ProcessMetrics.read(uptimeSeconds: 2)
        #expect(metrics.residentBytes > 1_000_000)
        #expect(metrics.cpuSeconds > 0)
        #expect(metrics.openFileDescriptors > 2 && metrics.openFileDescriptors <= metrics.fileDescriptorsMaximum)
    }
}
