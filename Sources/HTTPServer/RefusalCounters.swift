package import Metrics

/// `http_server_refusals_total{reason}` with its handles kept: a flood of bad requests makes no series and asks no
/// registry. For the loop alone, without a lock.
package struct RefusalCounters {
    /// Reasons come from our own code, so this is never reached; a reason made of data would end up as `other`.
    package static let reasonsMaximum = 64

    private var counters: [String: Counter] = [:]
    private let factory: any MetricsFactory

    package init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    /// - Parameter reason: the code of the fault, `header-too-large`.
    package mutating func count(_ reason: String) {
        if let known = counters[reason] { return known.increment() }
        let label = counters.count < Self.reasonsMaximum - 1 ? reason : "other"
        let counter =
            counters[label]
            ?? Counter(label: "http_server_refusals_total", dimensions: [("reason", label)], factory: factory)
        counters[label] = counter
        counter.increment()
    }
}
