package import Logging

extension PrivateCluster {
    /// Where to reach the cluster of a data directory while its server runs under another process: for `doctor` and
    /// `backup` beside a running server. Changes nothing.
    /// - Returns: the libpq URI; nil when there is no such cluster or its server does not run.
    package static func runningURL(dataDirectory: String?, logger: Logger) async throws -> String? {
        let path = dataDirectory ?? defaultDataDirectory
        guard FileFacts.isDirectory(path) else { return nil }
        let directory = try await DataDirectory.prepare(path)
        guard let text = FileFacts.text(directory.clusterPath + "/postmaster.pid"), let file = PostmasterFile(text),
            ProcessTable.isRunning(file.processID, in: directory.clusterPath),
            let socketDirectory = file.socketDirectory
        else { return nil }
        let start = ClusterStart(
            directory: directory, binaries: PostgresBinaries(majorVersion: 0, directory: ""),
            socketDirectory: socketDirectory, tuning: [:], logger: logger)
        return start.databaseURL
    }
}
