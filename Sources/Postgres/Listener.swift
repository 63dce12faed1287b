import Logging

/// Keeps a connection that listens, for as long as its task lives.
struct Listener {
    private static let pauseMinimum: Duration = .milliseconds(100)
    private static let pauseMaximum: Duration = .seconds(5)

    private let channels: [String]
    private let logger: Logger
    private var pause = pauseMinimum

    init(channels: [String], logger: Logger) {
        self.channels = channels
        self.logger = logger
    }

    mutating func run(
        onReady: @Sendable () -> Void, open: () async throws -> Connection, close: (Connection) async -> Void
    ) async throws {
        while true {
            try Task.checkCancellation()
            do {
                let connection = try await open()
                await listen(on: connection, onReady)
                await close(connection)
            } catch let error as PostgresError where error.kind != .closed {
                logger.warning("cannot listen for notifications", metadata: ["reason": "\(error)"])
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.pauseMaximum)
        }
    }

    /// Until the connection breaks or the task is cancelled.
    private mutating func listen(on connection: Connection, _ onReady: @Sendable () -> Void) async {
        let script = channels.map { "LISTEN \(quotedIdentifier($0))" }.joined(separator: "; ")
        do {
            try await connection.perform { _ = try await $0.script(script, $0.statementPatience) }
        } catch {
            logger.warning("cannot listen for notifications", metadata: ["reason": "\(error)"])
            return
        }
        pause = Self.pauseMinimum
        onReady()
        await withTaskCancellationHandler {
            await connection.untilEnded()
        } onCancel: {
            connection.closeSoon()
        }
        if !Task.isCancelled { logger.notice("the listening connection has ended, connecting again") }
    }
}

/// A name as SQL takes it, whatever characters it has.
package func quotedIdentifier(_ name: String) -> String {
    "\"\(name.replacing("\"", with: "\"\""))\""
}
