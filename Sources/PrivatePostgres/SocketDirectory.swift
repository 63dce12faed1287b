import Glibc
import Processes

/// A 0700 directory with a short path for the server's socket: a socket's path may have 107 bytes, `DATA_DIR` may be
/// longer or on a file system without sockets.
enum SocketDirectory {
    private static let places = ["/tmp", "/var/tmp"]

    /// The same for every start on the same data directory, so that a running server is found again.
    static func make(for directory: DataDirectory) throws -> String {
        var refusals: [String] = []
        for place in places {
            let path = "\(place)/forma3d-\(directory.userID)-\(hash(directory.path))"
            guard let refusal = make(path, directory) else { return path }
            refusals.append(refusal)
        }
        throw PrivateClusterError("no place for PostgreSQL's socket: \(refusals.joined(separator: "; "))")
    }

    /// The reason why not; nil when it is there and ours alone.
    private static func make(_ path: String, _ directory: DataDirectory) -> String? {
        if mkdir(path, 0o700) == 0 {
            if let account = directory.account, chown(path, account.userID, account.groupID) != 0 {
                return "\(path): \(reason(errno))"
            }
        } else if errno != EEXIST {
            return "\(path): \(reason(errno))"
        }
        // In a directory where everybody may write, anybody could have been first.
        var status = stat()
        guard lstat(path, &status) == 0 else { return "\(path): \(reason(errno))" }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == directory.userID else {
            return "\(path) belongs to somebody else"
        }
        guard status.st_mode & 0o077 == 0 else { return "\(path) is open to others" }
        return nil
    }

    /// FNV-1a, 64 bits: a name, not a secret.
    static func hash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
