import Glibc
import Synchronization

/// Where finished log lines go. One line is one `write(2)`, so that lines of several processes on one pipe or file do
/// not mix; the lock keeps the rest of a write that the kernel took only in part together.
package final class LogSink: Sendable {
    /// Longest wait for a reader of a full, non-blocking pipe before the line is dropped, in milliseconds.
    private static let stallMillisecondsMaximum: Int32 = 1_000

    package static let standardOutput = LogSink(fileDescriptor: STDOUT_FILENO)

    private let descriptor: Int32
    private let lock = Mutex(())

    /// - Parameter fileDescriptor: stays open and is not owned.
    package init(fileDescriptor: Int32) {
        descriptor = fileDescriptor
    }

    /// Writes the bytes; a line that cannot be written is dropped, for there is nowhere to complain.
    package func write(_ bytes: [UInt8]) {
        lock.withLock { _ in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    guard Glibc.poll(&poll, 1, Self.stallMillisecondsMaximum) > 0 else { return }
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
