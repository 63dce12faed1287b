import Logging
import Observability
import Testing

@Suite struct HTTPMetricsTests {
    private let registry = PrometheusRegistry(namespace: "")

    private func answer(_ method: String = "GET", _ route: String = "/orders/{id}", _ status: Int = 200)
        -> HTTPMetrics.Answer
    {
        .init(
            method: method, route: route, status: status, nanoseconds: 3_000_000, requestBytes: 10, responseBytes: 300)
    }

    @Test func measuresByRouteMethodAndStatus() {
        let metrics = HTTPMetrics(routes: ["/orders/{id}", "/health"], factory: registry)
        for _ in 0..<3 {
            metrics.began()
            metrics.ended(answer())
        }
        metrics.began()
        metrics.ended(answer("POST", "/orders/{id}", 422))
        let text = registry.exposition()
        #expect(text.contains("http_requests_total{method=\"GET\",route=\"/orders/{id}\",status=\"200\"} 3\n"))
        #expect(text.contains("http_requests_total{method=\"POST\",route=\"/orders/{id}\",status=\"422\"} 1\n"))
        #expect(text.contains("http_request_duration_seconds_count{method=\"GET\",route=\"/orders/{id}\"} 3\n"))
        #expect(
            text.contains(
                "http_request_duration_seconds_bucket{method=\"GET\",route=\"/orders/{id}\",le=\"0.0025\"} 0\n"))
        #expect(
            text.contains(
                "http_request_duration_seconds_bucket{method=\"GET\",route=\"/orders/{id}\",le=\"0.005\"} 3\n"))
        #expect(text.contains("http_request_bytes_total{route=\"/orders/{id}\"} 40\n"))
        #expect(text.contains("http_response_bytes_total{route=\"/orders/{id}\"} 1200\n"))
        #expect(text.contains("# TYPE http_request_duration_seconds histogram\n"))
    }

    @Test func nobodyOutsideCanMakeSeries() {
        let metrics = HTTPMetrics(routes: ["/health"], factory: registry)
        for number in 0..<1_000 {
            metrics.ended(answer("METHOD\(number)", "/made/up/\(number)", 404))
            metrics.ended(answer("GET", "/health", 10_000 + number))
        }
        let series = registry.exposition().split(separator: "\n").filter { $0.hasPrefix("http_requests_total{") }
        #expect(series.count == 2)
        #expect(series.contains("http_requests_total{method=\"other\",route=\"unmatched\",status=\"404\"} 1000"))
        #expect(series.contains("http_requests_total{method=\"GET\",route=\"/health\",status=\"none\"} 1000"))
    }

    @Test func countsWhatIsInFlight() {
        let metrics = HTTPMetrics(routes: [], factory: registry)
        metrics.began()
        metrics.began()
        #expect(metrics.inFlight == 2)
        metrics.ended(answer())
        #expect(metrics.inFlight == 1)
    }
}

@Suite struct AccessLogTests {
    private func metadata(showsClientAddresses: Bool, address: String? = "203.0.113.7") -> Logger.Metadata {
        AccessLog(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, showsClientAddresses: showsClientAddresses
        ).metadata(
            of: .init(
                method: "GET", path: "/orders/7", route: "/orders/{id}", status: 200, nanoseconds: 12_345_678,
                requestBytes: nil, responseBytes: 300, clientAddress: address, minorVersion: 1))
    }

    @Test func saysWhatWasAskedAndAnswered() {
        #expect(
            metadata(showsClientAddresses: false) == [
                "method": "GET", "path": "/orders/7", "route": "/orders/{id}", "status": "200", "milliseconds": "12.3",
                "responseBytes": "300", "protocol": "HTTP/1.1",
            ])
    }

    @Test func anAddressIsPersonalData() {
        #expect(metadata(showsClientAddresses: false)["clientAddress"] == nil)
        #expect(metadata(showsClientAddresses: true)["clientAddress"] == "203.0.113.7")
        #expect(metadata(showsClientAddresses: true, address: nil)["clientAddress"] == nil)
    }

    @Test(arguments: ["clientAddress", "requestBytes", "responseBytes", "protocol", "traceId", "route"])
    func theLineShowsThem(_ key: String) {
        #expect(!Redaction.hides(key))
    }
}
