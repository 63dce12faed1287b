package import Metrics
import Synchronization

/// The measurements of a server's answers, with the handles of each route made once: measuring looks one up and adds.
///
/// `http_requests_total{method,route,status}`, `http_request_duration_seconds{method,route}` (bounds:
/// `PrometheusRegistry.secondsBounds`), `http_request_bytes_total{route}`, `http_response_bytes_total{route}`; the number in
/// flight is asked for. Every label comes from a closed set, so that nobody outside can make series.
package final class HTTPMetrics: Sendable {
    /// What is measured of one answer.
    package struct Answer: Hashable, Sendable {
        package let method: String
        /// The pattern of the route, or one of `routesWithoutPattern`.
        package let route: String
        package let status: Int
        package let nanoseconds: Int64
        /// 0 where the length was not announced.
        package let requestBytes: Int
        package let responseBytes: Int

        package init(
            method: String, route: String, status: Int, nanoseconds: Int64, requestBytes: Int, responseBytes: Int
        ) {
            self.method = method
            self.route = route
            self.status = status
            self.nanoseconds = nanoseconds
            self.requestBytes = requestBytes
            self.responseBytes = responseBytes
        }
    }

    /// Labels of answers that no route gave.
    package static let routesWithoutPattern = ["unmatched", "options", "preflight", "*"]
    /// Any other method is `other`.
    package static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"]

    private let routes: [String: RouteSeries]
    private let unmatched: RouteSeries
    private let inFlightCount = Atomic(0)

    /// - Parameters:
    ///   - routes: the patterns.
    ///   - factory: where the handles come from.
    package init(routes: some Sequence<String>, factory: any MetricsFactory = MetricsSystem.factory) {
        let unmatched = RouteSeries("unmatched", factory)
        var series = ["unmatched": unmatched]
        for route in Self.routesWithoutPattern + Array(routes) where series[route] == nil {
            series[route] = RouteSeries(route, factory)
        }
        self.unmatched = unmatched
        self.routes = series
    }

    /// Requests begun and not yet answered.
    package var inFlight: Int { inFlightCount.load(ordering: .relaxed) }

    package func began() { inFlightCount.add(1, ordering: .relaxed) }

    package func ended(_ answer: Answer) {
        inFlightCount.subtract(1, ordering: .relaxed)
        (routes[answer.route] ?? unmatched).note(answer)
    }
}

/// One route's handles. Those of a method or status are made when the first answer needs them.
private final class RouteSeries: Sendable {
    private struct Handles {
        var timers: [Timer?] = Array(repeating: nil, count: HTTPMetrics.methods.count)
        /// By `method * 1000 + status`.
        var counters: [Int: Counter] = [:]
    }

    private let route: String
    private let factory: any MetricsFactory
    private let requestBytes: Counter
    private let responseBytes: Counter
    private let handles = Mutex(Handles())

    init(_ route: String, _ factory: any MetricsFactory) {
        self.route = route
        self.factory = factory
        requestBytes = Counter(
            label: "http_request_bytes_total", dimensions: [("route", route)], factory: factory)
        responseBytes = Counter(
            label: "http_response_bytes_total", dimensions: [("route", route)], factory: factory)
    }

    func note(_ answer: HTTPMetrics.Answer) {
        let method = Self.methodIndex(answer.method)
        let status = (100...599).contains(answer.status) ? answer.status : 0
        let (counter, timer) = handles.withLock { handles in
            (self.counter(method, status, &handles), self.timer(method, &handles))
        }
        counter.increment()
        timer.recordNanoseconds(answer.nanoseconds)
        if answer.requestBytes > 0 { requestBytes.increment(by: answer.requestBytes) }
        if answer.responseBytes > 0 { responseBytes.increment(by: answer.responseBytes) }
    }

    private func counter(_ method: Int, _ status: Int, _ handles: inout Handles) -> Counter {
        let key = method * 1_000 + status
        if let known = handles.counters[key] { return known }
        let counter = Counter(
            label: "http_requests_total",
            dimensions: [
                ("method", HTTPMetrics.methods[method]), ("route", route),
                ("status", status == 0 ? "none" : String(status)),
            ], factory: factory)
        handles.counters[key] = counter
        return counter
    }

    private func timer(_ method: Int, _ handles: inout Handles) -> Timer {
        if let known = handles.timers[method] { return known }
        let timer = Timer(
            label: "http_request_duration_seconds",
            dimensions: [("method", HTTPMetrics.methods[method]), ("route", route)], factory: factory)
        handles.timers[method] = timer
        return timer
    }

    private static func methodIndex(_ name: String) -> Int {
        switch name {
        case "GET": 0
        case "HEAD": 1
        case "POST": 2
        case "PUT": 3
        case "PATCH": 4
        case "DELETE": 5
        case "OPTIONS": 6
        default: 7
        }
    }
}
