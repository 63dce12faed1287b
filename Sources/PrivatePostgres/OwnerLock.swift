import Glibc
import Processes
import Synchronization

/// One owner of a data directory: flock(2) on a file in it, which the kernel gives up with the process.
final class OwnerLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// - Throws: `PrivateClusterError` that names the holder.
    static func take(_ path: String) throws -> OwnerLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PrivateClusterError("cannot open \(path): \(reason(errno))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let problem = reason(errno)
            close(descriptor)
            guard isHeld else { throw PrivateClusterError("cannot lock \(path): \(problem)") }
            let holder = FileFacts.text(path)?.filter(\.isNumber) ?? ""
            throw PrivateClusterError(
                "the data directory is in use by process \(holder.isEmpty ? "unknown" : holder): stop that one, or "
                    + "give this one a DATA_DIR of its own (\(path))")
        }
        // The number is for people; the lock is what counts.
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
        return OwnerLock(descriptor)
    }

    private init(_ descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    var isHeld: Bool { descriptor.withLock { $0 != nil } }

    func release() {
        descriptor.withLock { descriptor in
            if let held = descriptor { close(held) }
            descriptor = nil
        }
    }
}
