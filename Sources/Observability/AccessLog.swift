package import Logging

/// One line for each answer. The correlation id, which is the request's id, and the trace stand on it as on every line.
package struct AccessLog: Sendable {
    /// What a line is made of.
    package struct Entry: Hashable, Sendable {
        package let method: String
        /// As sent, without the query, which may hold what must not be logged.
        package let path: String
        package let route: String
        package let status: Int
        package let nanoseconds: Int64
        /// Nil where the length was not announced.
        package let requestBytes: Int?
        package let responseBytes: Int
        package let clientAddress: String?
        /// 0 for HTTP/1.0, else 1.
        package let minorVersion: Int

        package init(
            method: String, path: String, route: String, status: Int, nanoseconds: Int64, requestBytes: Int?,
            responseBytes: Int, clientAddress: String?, minorVersion: Int
        ) {
            self.method = method
            self.path = path
            self.route = route
            self.status = status
            self.nanoseconds = nanoseconds
            self.requestBytes = requestBytes
            self.responseBytes = responseBytes
            self.clientAddress = clientAddress
            self.minorVersion = minorVersion
        }
    }

    private let logger: Logger
    private let showsClientAddresses: Bool
    private let quietRoutes: Set<String>

    /// - Parameters:
    ///   - showsClientAddresses: an address is personal data (GDPR; CJEU C-582/14), so it is logged only when the
    ///     operator says so.
    ///   - quietRoutes: probes, logged at debug only.
    package init(logger: Logger, showsClientAddresses: Bool, quietRoutes: Set<String> = []) {
        self.logger = logger
        self.showsClientAddresses = showsClientAddresses
        self.quietRoutes = quietRoutes
    }

    package func write(_ entry: Entry) {
        let level: Logger.Level = quietRoutes.contains(entry.route) ? .debug : .info
        // Before anything is put into words.
        guard logger.logLevel <= level else { return }
        logger.log(level: level, "request", metadata: metadata(of: entry))
    }

    package func metadata(of entry: Entry) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "method": "\(entry.method)", "path": "\(entry.path)", "route": "\(entry.route)",
            "status": "\(entry.status)", "milliseconds": "\(Self.milliseconds(entry.nanoseconds))",
            "responseBytes": "\(entry.responseBytes)", "protocol": "HTTP/1.\(entry.minorVersion)",
        ]
        if let requestBytes = entry.requestBytes { metadata["requestBytes"] = "\(requestBytes)" }
        if showsClientAddresses, let address = entry.clientAddress { metadata["clientAddress"] = "\(address)" }
        return metadata
    }

    /// To the tenth: `12.3`.
    private static func milliseconds(_ nanoseconds: Int64) -> String {
        let tenths = max(0, nanoseconds) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
