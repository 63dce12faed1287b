import Metrics

/// The server's own measurements; the handles are made once for each label.
final class ServerCounters {
    private let connectionGauge = Gauge(label: "http_server_connections")
    private let acceptPauses = Counter(label: "http_server_accept_pauses_total")
    private var refusals: [String: Counter] = [:]
    private var timeouts: [String: Counter] = [:]

    func connections(_ count: Int) { connectionGauge.record(count) }
    func acceptPaused() { acceptPauses.increment() }

    /// - Parameter reason: the code of a fault of ours: a closed set.
    func refused(_ reason: String) {
        counter(reason, in: &refusals, label: "http_server_refusals_total", dimension: "reason").increment()
    }

    func timedOut(_ due: ConnectionTimers.Due, phase: ConnectionLife.Phase) {
        let kind =
            switch due {
            case .write: "write"
            case .gone: "client-gone"
            case .handler: "handler"
            case .handlerGrace: "handler-grace"
            case .body: "body"
            case .phase:
                switch phase {
                case .idle: "idle"
                case .head: "head"
                case .discarding: "discard"
                case .lingering: "linger"
                case .serving, .closed: "other"
                }
            }
        counter(kind, in: &timeouts, label: "http_server_timeouts_total", dimension: "kind").increment()
    }

    private func counter(
        _ value: String, in counters: inout [String: Counter], label: String, dimension: String
    ) -> Counter {
        if let known = counters[value] { return known }
        let made = Counter(label: label, dimensions: [(dimension, value)])
        counters[value] = made
        return made
    }
}
