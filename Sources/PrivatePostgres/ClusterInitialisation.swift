import Glibc
import Logging
import Processes

/// Makes a cluster where there is none, and finds the programs for one that is there.
struct ClusterInitialisation {
    let directory: DataDirectory
    let logger: Logger

    /// The programs that fit the cluster.
    func makeIfMissing() async throws -> PostgresBinaries {
        let installed = await PostgresBinaries.installed()
        guard let text = FileFacts.text(directory.clusterPath + "/PG_VERSION") else {
            guard let newest = installed.first, newest.majorVersion >= PostgresBinaries.majorVersionMinimum else {
                throw PrivateClusterError(
                    "no PostgreSQL \(PostgresBinaries.majorVersionMinimum) or later is installed: "
                        + "apt-get install postgresql")
            }
            try await make(with: newest)
            return newest
        }
        let version = PostgresBinaries.majorVersion(of: text.filter { $0 != "\n" }) ?? 0
        guard let fitting = installed.first(where: { $0.majorVersion == version }) else {
            throw PrivateClusterError(missing(version, installed))
        }
        try await giveToAccount(directory.clusterPath)
        return fitting
    }

    private func make(with binaries: PostgresBinaries) async throws {
        logger.notice(
            "making a private PostgreSQL", metadata: ["path": "\(directory.clusterPath)"])
        let unfinished = directory.unfinishedClusterPath
        // What a start that was killed half-way left behind. Only ever a directory that never got its name.
        try await RunningProcess.run(Command("/bin/rm", ["-rf", "--", unfinished]))
        guard mkdir(unfinished, 0o700) == 0 else {
            throw PrivateClusterError("cannot make \(unfinished): \(reason(errno))")
        }
        try await giveToAccount(unfinished)
        var arguments = [
            "--username=postgres", "--encoding=UTF8", "--locale-provider=libc", "--data-checksums",
            // Sorting by code point never changes with an update of the C library; letters beyond ASCII are letters.
            "--locale=C", "--lc-ctype=C.UTF-8", "--auth-local=trust", "--auth-host=reject", "--no-instructions",
        ]
        do {
            try await initialise(binaries, arguments, unfinished)
        } catch let failure as ProcessFailure where failure.description.contains("locale") {
            // A machine without C.UTF-8.
            arguments.removeAll { $0.hasPrefix("--lc-ctype") }
            try await initialise(binaries, arguments, unfinished)
        }
        guard rename(unfinished, directory.clusterPath) == 0 else {
            throw PrivateClusterError("cannot name \(directory.clusterPath): \(reason(errno))")
        }
    }

    private func initialise(_ binaries: PostgresBinaries, _ arguments: [String], _ path: String) async throws {
        let command = try directory.serverCommand(
            binaries.path("initdb"), arguments, clusterPath: path, output: .captured)
        do {
            try await RunningProcess.run(command)
        } catch let failure as ProcessFailure {
            throw failure
        }
    }

    /// A data directory that was moved here from another machine can have another number for the same user.
    private func giveToAccount(_ path: String) async throws {
        guard let account = directory.account, FileFacts.status(path)?.st_uid != account.userID else { return }
        try await RunningProcess.run(
            Command("/bin/chown", ["-R", "-h", "\(account.userID):\(account.groupID)", path]))
    }

    private func missing(_ version: Int, _ installed: [PostgresBinaries]) -> String {
        let start =
            "the data in \(directory.clusterPath) was made by PostgreSQL \(version), which is not installed. "
            + "Install it: apt-get install postgresql-\(version)"
        guard let newest = installed.first else { return start }
        let asUser = directory.account.map { "sudo -u \($0.name) " } ?? ""
        let old = directory.clusterPath
        return start + ". Or upgrade the data to \(newest.majorVersion), with both versions installed: "
            + "\(asUser)\(newest.path("initdb")) -D \(old).upgraded -U postgres --encoding=UTF8 --locale=C "
            + "--lc-ctype=C.UTF-8 --data-checksums && \(asUser)\(newest.path("pg_upgrade")) "
            + "--old-bindir /usr/lib/postgresql/\(version)/bin --new-bindir \(newest.directory) "
            + "--old-datadir \(old) --new-datadir \(old).upgraded -U postgres "
            + "&& mv \(old) \(old).\(version) && mv \(old).upgraded \(old)"
    }
}

extension DataDirectory {
    /// A program of PostgreSQL's on a cluster of ours, as the server's user.
    ///
    /// As another user it is given the directory by descriptor: that user can use it even where it cannot walk to it,
    /// under a home of mode 0700. Of our environment it sees nothing: there are secrets in it.
    func serverCommand(
        _ program: String, _ arguments: [String], clusterPath: String, output: Command.Output
    ) throws -> Command {
        let handed = account == nil ? nil : try DirectoryHandle(path: clusterPath)
        let path = handed == nil ? clusterPath : Command.handedDirectoryPath
        return Command(
            program, ["-D", path] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"], workingDirectory: "/",
            user: account, output: output, handedDirectory: handed)
    }
}
