import HTTPWire
import Observability
import Routing

/// What becomes of each answer beside being sent: measurements and a line in the access log.
struct AnswerObserver: Sendable {
    private let measured: HTTPMetrics
    private let log: AccessLog

    /// - Parameter metrics: shows how many requests are in flight.
    init(routes: [Route], metrics: PrometheusRegistry, log: AccessLog) {
        let measured = HTTPMetrics(routes: routes.map(\.pattern.text))
        metrics.gauge("http_requests_in_flight", help: "Requests begun and not yet answered.") {
            Double(measured.inFlight)
        }
        self.measured = measured
        self.log = log
    }

    @Sendable func began() {
        measured.began()
    }

    @Sendable func ended(_ answer: Gateway.Observation) {
        let parts = answer.duration.components
        let nanoseconds = parts.seconds &* 1_000_000_000 &+ parts.attoseconds / 1_000_000_000
        measured.ended(
            .init(
                method: answer.method.name, route: answer.route, status: answer.status, nanoseconds: nanoseconds,
                requestBytes: answer.requestBytes ?? 0, responseBytes: answer.bytes))
        log.write(
            .init(
                method: answer.method.name, path: answer.path, route: answer.route, status: answer.status,
                nanoseconds: nanoseconds, requestBytes: answer.requestBytes, responseBytes: answer.bytes,
                clientAddress: answer.clientAddress, minorVersion: answer.minorVersion))
    }
}
