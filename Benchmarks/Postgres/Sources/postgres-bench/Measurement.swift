import EventLoop
import Glibc
import Synchronization

/// One cell of the table: so many callers ask again and again for a while.
struct Measurement: Sendable {
    let name: String
    let callers: Int
    /// Where the callers run: nil is the global pool.
    let loop: EventLoop?
    let seconds: Double

    struct Figures {
        let perSecond: Double
        /// Of the whole process.
        let cpuMicroseconds: Double
        let p50Microseconds: Double
        let p99Microseconds: Double
    }

    func run(_ ask: @escaping @Sendable (_ round: Int) async throws -> Void) async throws -> Figures {
        for _ in 0..<(callers * 3) { try await ask(1) }
        let before = Self.cpuSeconds()
        let times: [Double]
        if let loop {
            times = try await withTaskExecutorPreference(loop) { try await askTogether(ask) }
        } else {
            times = try await askTogether(ask)
        }
        let used = Self.cpuSeconds() - before
        return Figures(
            perSecond: Double(times.count) / seconds, cpuMicroseconds: used * 1e6 / Double(times.count),
            p50Microseconds: times[times.count / 2], p99Microseconds: times[times.count * 99 / 100])
    }

    private func askTogether(_ ask: @escaping @Sendable (Int) async throws -> Void) async throws -> [Double] {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var times: [Double] = []
                    var start = clock.now
                    while start < end {
                        try await ask(times.count)
                        let now = clock.now
                        times.append((now - start) / .microseconds(1))
                        start = now
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted()
        }
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
