/// What one connection needs to know: `DatabaseConfiguration` with its URL read.
struct ConnectionSettings: Sendable {
    let url: PostgresURL
    let applicationName: String
    let connectTimeout: Duration
    let statementTimeout: Duration
    let idleInTransactionTimeout: Duration
    /// How many statements a connection keeps prepared.
    let preparedStatementsMaximum: Int

    /// More statements than the whole program has; each holds some 10 KiB on the server.
    private static let preparedStatementsDefault = 256
    private static let timeoutMaximumSeconds = 86_400.0

    init(_ configuration: DatabaseConfiguration, libpqMajorVersion: Int) throws {
        url = try PostgresURL(configuration.url, libpqMajorVersion: libpqMajorVersion)
        applicationName = configuration.applicationName
        connectTimeout = Self.duration(configuration.connectTimeoutSeconds)
        statementTimeout = Self.duration(configuration.statementTimeoutSeconds)
        idleInTransactionTimeout = Self.duration(configuration.idleInTransactionTimeoutSeconds)
        preparedStatementsMaximum = url.usesTransactionPooler ? 0 : Self.preparedStatementsDefault
    }

    static func duration(_ seconds: Double) -> Duration {
        guard seconds > 0 else { return .zero }
        return .seconds(min(seconds, timeoutMaximumSeconds))
    }

    /// Run once per connection. Texts of values depend on these settings, and a role may have others by default.
    var setUpScript: String {
        """
        SET statement_timeout = \(milliseconds(statementTimeout));
        SET idle_in_transaction_session_timeout = \(milliseconds(idleInTransactionTimeout));
        SET TimeZone = 'UTC';
        SET DateStyle = 'ISO, YMD';
        SET IntervalStyle = 'iso_8601';
        SET bytea_output = 'hex';
        SET standard_conforming_strings = on;
        SET client_min_messages = 'warning';
        SET default_transaction_isolation = 'read committed'
        """
    }

    private func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
