extension PrivateCluster {
    /// Where to reach the cluster of a data directory while its server runs under another process: for `doctor` and
    /// `backup` beside a running server. Changes nothing.
    /// - Returns: the libpq URI; nil when there is no such cluster or its server does not run.
    package static func runningURL(dataDirectory: String?) async throws -> String? {
        let path = dataDirectory ?? defaultDataDirectory
        guard FileFacts.isDirectory(path) else { return nil }
        let address = try ClusterAddress(try await DataDirectory.prepare(path))
        return address.runningServer() == nil ? nil : address.databaseURL
    }
}
