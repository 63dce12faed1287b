import FoundationEssentials
import Logging
import Postgres

/// Tells other processes what there is news of, on a connection of its own: at once when idle, then at most every 10 ms.
/// Never in a business transaction: a pending NOTIFY serialises every commit of the database (measured: 7 661 commits a
/// second without, 345 with).
struct Notifier: Sendable {
    let database: Database
    let wakeUps: WakeUps
    /// Goes with the notification, so that the sender does not wake itself.
    let worker: UUID
    let logger: Logger

    private static let reconnectPause = Duration.seconds(1)

    /// Until cancelled.
    func keep() async {
        await withTaskExecutorPreference(database.executor) { await tell() }
    }

    private func tell() async {
        while !Task.isCancelled {
            do {
                try await database.withoutTransaction { session in
                    // A wake-up that a crash loses is found by the next poll: it need not wait for the disk.
                    try await session.execute("SET synchronous_commit = off")
                    while !Task.isCancelled {
                        await wakeUps.telling.wait()
                        if Task.isCancelled { return }
                        let topics = wakeUps.takeUntold().map(\.rawValue).sorted()
                        if topics.isEmpty { continue }
                        do {
                            try await session.execute(
                                """
                                SELECT pg_notify(topic, \(worker.uuidString.lowercased()))
                                FROM unnest(\(SQLArray(topics))::text[]) AS topic
                                """)
                        } catch {
                            wakeUps.tellAgain(topics)
                            throw error
                        }
                        try await Task.sleep(for: JobSettings.notifyPause)
                    }
                }
            } catch {
                if Task.isCancelled { return }
                logger.warning("Other processes cannot be told of news.", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: Self.reconnectPause)
            }
        }
    }
}

/// The one connection of a process that listens, for everybody in it who waits for news.
struct NewsListener: Sendable {
    let database: Database
    let worker: UUID
    let wakeUps: WakeUps
    let logger: Logger

    private static let reconnectPause = Duration.seconds(1)

    /// Until cancelled. After each connection everybody looks: nobody can tell what was missed.
    func keep() async {
        await withTaskExecutorPreference(database.executor) { await listen() }
    }

    private func listen() async {
        let own = worker.uuidString.lowercased()
        while !Task.isCancelled {
            do {
                try await database.listen(
                    WakeUps.Topic.allCases.map(\.rawValue),
                    onReady: { wakeUps.heard(Set(WakeUps.Topic.allCases)) },
                    onNotification: { channel, payload in
                        guard payload != own, let topic = WakeUps.Topic(rawValue: channel) else { return }
                        wakeUps.heard([topic])
                    })
            } catch {
                if Task.isCancelled { return }
                logger.warning("News of other processes are not heard.", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Self.reconnectPause)
        }
    }
}
