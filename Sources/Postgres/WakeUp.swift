import CPostgres
import Glibc

/// Wakes one thread that sleeps in poll(2): an eventfd, counted down by the sleeper.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() throws(PostgresError) {
        descriptor = forma3d_pq_eventfd()
        guard descriptor >= 0 else {
            throw PostgresError(kind: .unreachable, message: "no file descriptor left for a connection (\(errno))")
        }
    }

    deinit {
        close(descriptor)
    }

    /// May be called from any thread, any number of times before the sleeper wakes.
    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Sleeps until the descriptor of a link, the wake-up or the deadline; nil waits for ever.
    /// - Returns: what happened on the link's descriptor (`POLLIN`, `POLLOUT`, `POLLERR` …); 0 for the others.
    func sleep(watching link: Int32, for events: Int16, until deadline: ContinuousClock.Instant?) -> Int16 {
        var descriptors = [
            pollfd(fd: link, events: events, revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&descriptors, 2, Self.milliseconds(until: deadline))
        guard count > 0 else { return 0 }
        if descriptors[1].revents != 0 { clear() }
        return descriptors[0].revents
    }

    /// Rounded up, so that a wake-up by time never comes before the deadline.
    static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let remaining = deadline - .now
        guard remaining > .zero else { return 0 }
        let (seconds, attoseconds) = remaining.components
        let milliseconds = min(seconds, 86_400) * 1_000 + attoseconds / 1_000_000_000_000_000 + 1
        return Int32(milliseconds)
    }
}
