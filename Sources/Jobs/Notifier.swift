import FoundationEssentials
import Logging
import Postgres

/// Tells other processes that there is work, on a connection of its own: at once when idle, then at most every
/// 10 ms. Never in a business transaction: a pending NOTIFY serialises every commit of the database (measured: 7 661
/// commits a second without, 345 with).
struct Notifier: Sendable {
    let database: Database
    let wakeUps: WakeUps
    /// Goes with the notification, so that the sender does not wake itself.
    let worker: UUID
    let logger: Logger

    private static let reconnectPause = Duration.seconds(1)

    /// Until cancelled.
    func keep() async {
        let flag = WakeFlag()
        wakeUps.add(flag)
        defer { wakeUps.remove(flag) }
        while !Task.isCancelled {
            do {
                try await database.withoutTransaction { session in
                    while !Task.isCancelled {
                        await flag.wait()
                        if Task.isCancelled { return }
                        try await session.execute(
                            "SELECT pg_notify(\(WakeUps.channel), \(worker.uuidString.lowercased()))")
                        try await Task.sleep(for: JobSettings.notifyPause)
                    }
                }
            } catch {
                if Task.isCancelled { return }
                logger.warning("Other processes cannot be told of new work.", metadata: ["error": "\(error)"])
                flag.raise()
                try? await Task.sleep(for: Self.reconnectPause)
            }
        }
    }
}

/// Hears of other processes' work.
struct WorkListener: Sendable {
    let database: Database
    let worker: UUID
    let flag: WakeFlag
    let logger: Logger

    /// Until cancelled.
    func keep() async {
        let own = worker.uuidString.lowercased()
        while !Task.isCancelled {
            do {
                try await database.listen(
                    [WakeUps.channel], onReady: { flag.raise() },
                    onNotification: { _, payload in if payload != own { flag.raise() } })
            } catch {
                if Task.isCancelled { return }
                logger.warning("Work of other processes is not heard of.", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
