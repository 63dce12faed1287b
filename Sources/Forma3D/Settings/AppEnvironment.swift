/// Where a server runs. Only development is lenient; nobody has to remember to be strict anywhere else.
package enum AppEnvironment: String, CaseIterable, Sendable {
    case development
    case staging
    case production
    case test
}

/// Where the database is.
package enum DatabaseLocation: Hashable, Sendable {
    /// A PostgreSQL cluster of our own under `DATA_DIR`.
    case privateCluster
    /// A libpq URI.
    case url(String)
}
