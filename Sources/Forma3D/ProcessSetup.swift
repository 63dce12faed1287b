import CoreMetrics
import Glibc
package import Logging
package import Observability
import Routing

/// What every long-running command does first, once for the process.
package enum ProcessSetup {
    /// As many descriptors as connections and files may need, if the hard limit allows them.
    private static let descriptorsWanted: UInt64 = 65_536

    /// Logs as JSON lines, metrics for `/metrics`, SIGPIPE ignored (a closed peer is an error of `write`, not an end of
    /// the process), descriptor limit raised.
    package static func start(_ settings: Settings) -> (logger: Logger, metrics: PrometheusRegistry) {
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()
        let level = settings.logLevel
        LoggingSystem.bootstrap(
            { label, provider in
                var handler = JSONLogHandler(label: label, logLevel: level)
                handler.metadataProvider = provider
                return handler
            }, metadataProvider: traceMetadata)
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: "forma3d")
        for warning in settings.warnings { logger.warning("\(warning)") }
        return (logger, metrics)
    }

    /// Puts the trace of the request in hand on every line.
    private static let traceMetadata = Logger.MetadataProvider {
        guard let trace = TraceContext.current else { return [:] }
        return ["traceId": "\(trace.traceID)", "spanId": "\(trace.spanID)"]
    }

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(descriptorResource, &limit) == 0 else { return }
        limit.rlim_cur = min(max(limit.rlim_cur, rlim_t(descriptorsWanted)), limit.rlim_max)
        setrlimit(descriptorResource, &limit)
    }

    /// The soft limit in force.
    static var descriptorLimit: Int {
        var limit = rlimit()
        getrlimit(descriptorResource, &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// `RLIMIT_NOFILE`, which is an enum behind a macro and does not import as one.
    private static let descriptorResource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
