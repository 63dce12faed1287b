package import CoreMetrics
import Synchronization

/// swift-metrics' back end and what `/metrics` shows of it.
///
/// A label such as `jobs.completed` becomes `forma3d_jobs_completed_total` for a counter, `…_seconds` (a histogram) for
/// a timer. Series are made once and live as long as the process: a counter must not fall.
package final class PrometheusRegistry: MetricsFactory {
    /// Most series in all. Beyond it new ones are measured into nothing, and `forma3d_metrics_dropped_total` counts
    /// them: an unbounded label (an order id) must not eat the memory.
    package static let seriesMaximum = 5_000
    /// Bucket bounds of timers, in seconds: from an indexed query to the longest job.
    package static let secondsBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
    ]
    /// Bucket bounds of other recorders: counts and sizes.
    package static let countBounds: [Double] = [
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 10_000, 100_000, 1_000_000, 10_000_000,
    ]

    private enum Kind: String {
        case counter, gauge, histogram
    }

    private enum Series {
        case scalar(ScalarSeries)
        case histogram(HistogramSeries)
    }

    private struct Family {
        let kind: Kind
        let help: String
        /// By the text of the labels, `{queue="a"}`.
        var series: [String: (labels: [(String, String)], series: Series)] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var seriesCount = 0
        var dropped = 0.0
        var probes: [(name: String, help: String, read: @Sendable () -> Double)] = []
    }

    private let prefix: String
    private let state = Mutex(State())

    /// - Parameter namespace: goes before every name, with `_` between.
    package init(namespace: String = "forma3d") {
        prefix = namespace.isEmpty ? "" : PrometheusText.name(namespace) + "_"
    }

    /// A gauge that is read when somebody looks: queue depth, open connections. `read` must be quick.
    package func gauge(_ label: String, help: String, read: @escaping @Sendable () -> Double) {
        let name = prefix + PrometheusText.name(label)
        state.withLock { $0.probes.append((name, help, read)) }
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        scalar(label, suffix: "_total", .counter, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        scalar(label, suffix: "_total", .counter, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        scalar(label, suffix: "", .gauge, dimensions)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return scalar(label, suffix: "", .gauge, dimensions) }
        return histogram(label, suffix: "", Self.countBounds, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, suffix: "_seconds", Self.secondsBounds, dimensions)
    }

    // Values outlive their handles (see above), so that there is nothing to destroy.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    // MARK: Exposition

    /// Everything measured, in the text format, families and series in the order of their names.
    package func exposition() -> String {
        let (families, dropped, probes) = state.withLock { ($0.families, $0.dropped, $0.probes) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            Self.head(name, family.kind.rawValue, family.help, into: &text)
            for (_, entry) in family.series.sorted(by: { $0.key < $1.key }) {
                switch entry.series {
                case .scalar(let series):
                    text += "\(PrometheusText.series(name, entry.labels)) \(PrometheusText.number(series.current))\n"
                case .histogram(let series): Self.write(series, name, entry.labels, into: &text)
                }
            }
        }
        for probe in probes.sorted(by: { $0.name < $1.name }) {
            Self.head(probe.name, "gauge", probe.help, into: &text)
            text += "\(probe.name) \(PrometheusText.number(probe.read()))\n"
        }
        let droppedName = prefix + "metrics_dropped_total"
        Self.head(droppedName, "counter", "Series left out because there are too many or kinds clash.", into: &text)
        text += "\(droppedName) \(PrometheusText.number(dropped))\n"
        return text
    }

    static func head(_ name: String, _ kind: String, _ help: String, into text: inout String) {
        text += "# HELP \(name) \(PrometheusText.help(help))\n# TYPE \(name) \(kind)\n"
    }

    private static func write(
        _ histogram: HistogramSeries, _ name: String, _ labels: [(String, String)], into text: inout String
    ) {
        let snapshot = histogram.snapshot
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, snapshot.counts) {
            cumulative += count
            let series = PrometheusText.series(name + "_bucket", labels + [("le", PrometheusText.number(bound))])
            text += "\(series) \(cumulative)\n"
        }
        text += "\(PrometheusText.series(name + "_bucket", labels + [("le", "+Inf")])) \(snapshot.count)\n"
        text += "\(PrometheusText.series(name + "_sum", labels)) \(PrometheusText.number(snapshot.sum))\n"
        text += "\(PrometheusText.series(name + "_count", labels)) \(snapshot.count)\n"
    }

    // MARK: Making series

    private func scalar(
        _ label: String, suffix: String, _ kind: Kind, _ dimensions: [(String, String)]
    ) -> ScalarSeries {
        let found = series(label, suffix: suffix, kind, dimensions) { .scalar(ScalarSeries()) }
        guard case .scalar(let series)? = found else { return ScalarSeries() }
        return series
    }

    private func histogram(
        _ label: String, suffix: String, _ bounds: [Double], _ dimensions: [(String, String)]
    ) -> HistogramSeries {
        let found = series(label, suffix: suffix, .histogram, dimensions) {
            .histogram(HistogramSeries(bounds: bounds))
        }
        guard case .histogram(let series)? = found else { return HistogramSeries(bounds: bounds) }
        return series
    }

    /// The series of that name and those labels, made when it is new; nil when it may not be made.
    private func series(
        _ label: String, suffix: String, _ kind: Kind, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series? {
        let base = prefix + PrometheusText.name(label)
        let name = base.hasSuffix(suffix) ? base : base + suffix
        let labels = dimensions.map { (PrometheusText.labelName($0.0), $0.1) }.sorted { $0.0 < $1.0 }
        let key = PrometheusText.series("", labels)
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind, help: Self.help(label))
            if let known = family.series[key], family.kind == kind { return known.series }
            guard family.kind == kind, state.seriesCount < Self.seriesMaximum else {
                state.dropped += 1
                return nil
            }
            let series = make()
            family.series[key] = (labels, series)
            state.families[name] = family
            state.seriesCount += 1
            return series
        }
    }

    /// swift-metrics carries no help text: the label in words is better than none.
    private static func help(_ label: String) -> String {
        label.replacing(".", with: " ").replacing("_", with: " ")
    }
}
