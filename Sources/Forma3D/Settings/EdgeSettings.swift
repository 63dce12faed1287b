package import HTTPServer
package import Routing

/// What is set about the outer side of the server: proxies, browsers, the access log, the way it stops.
package struct EdgeSettings: Sendable {
    package let trustedProxies: TrustedProxies
    /// Nil: no page of another origin may read anything.
    package let crossOrigin: CrossOriginPolicy?
    /// 0: not said.
    package let strictTransportSecuritySeconds: Int
    package let gzip: Bool
    package let logsClientAddresses: Bool
    /// A unix socket to listen on as well: an absolute path.
    package let socket: String?
    /// The server's limits; address, port, socket and proxies are not set yet.
    package let limits: HTTPServerConfiguration
    /// Between saying that we are not ready and listening no more.
    package let drainPauseSeconds: Double

    init(reading reader: inout SettingsReader) {
        trustedProxies = reader.trustedProxies("TRUSTED_PROXIES")
        crossOrigin = reader.crossOrigin("CORS_ORIGINS")
        strictTransportSecuritySeconds = reader.integer("HSTS_SECONDS")
        gzip = reader.boolean("GZIP")
        logsClientAddresses = reader.boolean("LOG_CLIENT_ADDRESSES")
        socket = reader.socketPath("APP_SOCKET")
        limits = Self.limits(reading: &reader)
        drainPauseSeconds = reader.decimal("DRAIN_PAUSE_SECONDS")
    }

    private static func limits(reading reader: inout SettingsReader) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        for limit in NamedLimit.all {
            switch limit.value {
            case .count(let path, _): configuration[keyPath: path] = reader.integer(limit.name)
            case .amount(let path, _): configuration[keyPath: path] = reader.decimal(limit.name)
            }
        }
        return configuration
    }
}
