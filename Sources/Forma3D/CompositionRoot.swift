package import Logging
package import Observability

/// The whole system, put together from its settings.
package struct Server: Sendable {
    package struct Options: Sendable {
        /// Bring the database up to date before serving, also where that is not done by itself.
        package var migrates = false

        package init() {}
    }

    package init(
        settings: Settings, options: Options, build: BuildInfo, metrics: PrometheusRegistry, signals: ShutdownSignals,
        logger: Logger
    ) {}

    /// Serves until the first shutdown signal, then drains.
    package func run() async throws { fatalError("skeleton") }

    /// The OpenAPI document of every route, as JSON.
    package static func openAPIDocument() throws -> String { fatalError("skeleton") }
}
