package import FoundationEssentials
package import Kernel
package import Logging

/// What is known of the vendors: asked once at start, and again when somebody looks and the answer is old. Never stops
/// the start, never makes the server unready: orders wait safely while a vendor is away.
package actor DependencyBoard {
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let result: CheckResult
        package let checkedAt: Date
    }

    /// How old an answer may be before it is asked for again: looking often must not eat the vendors' budgets.
    package static let staleAfterSeconds = 60.0

    private let checks: [Check]
    private let time: Time
    private let logger: Logger
    private var entries: [Entry] = []
    private var isAsking = false

    package init(checks: [Check], time: Time, logger: Logger) {
        self.checks = checks
        self.time = time
        self.logger = logger
    }

    /// Asks every vendor and logs each answer.
    package func refresh() async {
        guard !isAsking else { return }
        isAsking = true
        defer { isAsking = false }
        let results = await Check.run(checks, for: .dependency)
        let now = time.now()
        for (name, result) in results {
            let level: Logger.Level = result.status == .ok ? .info : .warning
            logger.log(level: level, "\(name): \(result.message)", metadata: ["status": "\(result.status.rawValue)"])
        }
        entries = results.map { Entry(name: $0.name, result: $0.result, checkedAt: now) }
    }

    /// What is known, refreshed first when it is old and nobody else is asking.
    package func current() async -> [Entry] {
        let isStale =
            entries.first.map { time.now().timeIntervalSince($0.checkedAt) > Self.staleAfterSeconds } ?? true
        if isStale { await refresh() }
        return entries
    }
}
