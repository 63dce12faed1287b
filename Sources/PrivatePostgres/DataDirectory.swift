import Glibc
import Processes

/// `DATA_DIR`: what is where, and whose it is.
struct DataDirectory: Sendable {
    /// Absolute, without symbolic links.
    let path: String
    /// Whom the server runs as; nil: as ourselves.
    let account: UserAccount?

    var lockPath: String { path + "/owner.lock" }
    var logPath: String { path + "/postgres.log" }
    /// PostgreSQL's own data directory.
    var clusterPath: String { path + "/postgres" }
    /// A cluster in the making; it gets its name when it is whole.
    var unfinishedClusterPath: String { path + "/postgres.new" }

    /// The user the server runs as.
    var userID: UInt32 { account?.userID ?? UserAccount.currentUserID }

    /// The account's name as the kernel tells it over the socket; nil when the machine has no name for it.
    var userName: String? { account?.name ?? UserAccount.numbered(UserAccount.currentUserID)?.name }

    /// Makes the directory when it is missing, 0700, and finds who the server runs as.
    static func prepare(_ path: String) async throws -> DataDirectory {
        var account: UserAccount?
        if UserAccount.isRoot {
            // PostgreSQL refuses to run as root.
            account = UserAccount.named("postgres")
            guard account != nil else {
                throw PrivateClusterError(
                    "as root the private PostgreSQL runs as the user postgres, which this machine does not have: "
                        + "apt-get install postgresql")
            }
        }
        try makeDirectories(path, account: account)
        guard let absolute = FileFacts.canonicalPath(path) else {
            throw PrivateClusterError("DATA_DIR \(path) cannot be resolved: \(reason(errno))")
        }
        return DataDirectory(path: absolute, account: account)
    }

    /// Like `mkdir -p`: parents as the umask says, the directory itself 0700 and the server's. One that is there is
    /// left as it is.
    private static func makeDirectories(_ path: String, account: UserAccount?) throws {
        let pieces = path.split(separator: "/").map { String($0) }
        var current = path.hasPrefix("/") ? "" : "."
        for (position, piece) in pieces.enumerated() {
            current += "/" + piece
            let isLast = position == pieces.count - 1
            if mkdir(current, isLast ? 0o700 : 0o755) == 0 {
                if isLast, let account { _ = chown(current, account.userID, account.groupID) }
            } else if errno != EEXIST || !FileFacts.isDirectory(current) {
                throw PrivateClusterError("DATA_DIR \(path) cannot be made: \(reason(errno))")
            }
        }
    }
}

/// Questions to the file system.
enum FileFacts {
    /// What makes a file or directory this one and no other, whatever its name.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    static func identity(_ path: String) -> Identity? {
        status(path).map { Identity(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
    }

    static func isDirectory(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func canonicalPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        // SAFETY: realpath's NUL-ended text, freed after the copy.
        return String(cString: resolved)
    }

    /// A small text file; nil when it cannot be read.
    static func text(_ path: String, bytesMaximum: Int = 64 * 1024) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMaximum)
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress?.advanced(by: count), room) }
            guard got > 0 else { break }
            count += got
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// The last part of a file that grows.
    static func tail(_ path: String, bytes: Int) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        lseek(descriptor, max(0, size - bytes), SEEK_SET)
        var buffer = [UInt8](repeating: 0, count: bytes)
        let got = read(descriptor, &buffer, bytes)
        return String(decoding: buffer.prefix(max(0, got)), as: UTF8.self)
    }

    /// The names in a directory without `.` and `..`; empty when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // SAFETY: the entry's name is NUL-ended within its fixed field, and copied at once.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
