import HTTPWire
package import Observability
package import Routing

/// `/metrics` in Prometheus' text format.
package enum MetricsRoute {
    /// - Parameter access: `.open` on a port of its own (`METRICS_PORT`), else loopback peers or the operators' key.
    package static func route(
        _ registry: PrometheusRegistry, access: Route.Access = .loopbackOrOperators,
        uptimeSeconds: @escaping @Sendable () -> Double
    ) -> Route {
        Route(
            .get, "/metrics", "Show measurements for Prometheus", tag: "Health", access: access,
            returns: .binary(mediaType: PrometheusText.contentType)
        ) { _ in
            let text = registry.exposition() + ProcessMetrics.read(uptimeSeconds: uptimeSeconds()).exposition
            var response = HTTPResponse.text(text)
            response.fields["content-type"] = PrometheusText.contentType
            response.fields["cache-control"] = "no-store"
            return response
        }
    }
}
