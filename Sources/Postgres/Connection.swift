import Logging

/// One connection and the thread it lives on, for async callers. Work runs in the order it was given.
final class Connection: Sendable {
    private let mailbox: Mailbox

    private init(mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    /// Opens a connection within the connect time-out.
    /// - Parameters:
    ///   - onNotification: called on the connection's thread for each NOTIFY on a channel it listens to.
    ///   - onEnd: called on the thread when the connection is no more, for whatever reason.
    /// - Throws: `PostgresError`; `CancellationError` when the task was cancelled meanwhile.
    static func open(
        _ settings: ConnectionSettings, logger: Logger,
        onNotification: (@Sendable (_ channel: String, _ payload: String) -> Void)? = nil,
        onEnd: @escaping @Sendable (Connection) -> Void = { _ in }
    ) async throws -> Connection {
        let mailbox = try Mailbox()
        let connection = Connection(mailbox: mailbox)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                do {
                    try BlockingThread.start("pg-connection") {
                        connection.live(
                            settings, logger: logger, onNotification: onNotification, opened: continuation)
                        onEnd(connection)
                    }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            mailbox.close()
        }
        return connection
    }

    var isReusable: Bool { mailbox.isReusable }

    /// Runs `body` on the connection's thread.
    /// - Parameter isCancellable: false for COMMIT and ROLLBACK, which run to their end.
    /// - Throws: what `body` throws; `CancellationError`; `PostgresError` when the link is gone.
    func perform<Value: Sendable>(
        isCancellable: Bool = true, _ body: @escaping @Sendable (Link) throws -> Value
    ) async throws -> Value {
        let id = mailbox.makeID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                if isCancellable, Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                mailbox.post(
                    Work(id: id) { link in
                        let outcome = Result { try body(link) }
                        return { continuation.resume(with: outcome) }
                    } refuse: { error in
                        continuation.resume(throwing: error)
                    })
                // The handler below may have run before the work was there to be cancelled.
                if isCancellable, Task.isCancelled { mailbox.cancel(id) }
            }
        } onCancel: {
            if isCancellable { mailbox.cancel(id) }
        }
    }

    /// Stops what runs and ends the connection; returns when it has ended.
    func close() async {
        mailbox.close()
        await mailbox.untilEnded()
    }

    /// Ends the connection without waiting for it.
    func closeSoon() {
        mailbox.close()
    }

    func untilEnded() async {
        await mailbox.untilEnded()
    }

    // MARK: the thread

    private func live(
        _ settings: ConnectionSettings, logger: Logger,
        onNotification: (@Sendable (String, String) -> Void)?, opened: CheckedContinuation<Void, any Error>
    ) {
        do {
            let link = try Link.open(settings, mailbox: mailbox, logger: logger, onNotification: onNotification)
            opened.resume()
            serve(link)
        } catch {
            let isCancelled = mailbox.isClosing
            opened.resume(throwing: isCancelled ? CancellationError() : error)
        }
        mailbox.end()
    }

    private func serve(_ link: Link) {
        while !mailbox.isClosing, !link.isBroken {
            let ready = mailbox.wakeUp.sleep(watching: link.socket, for: link.readable, until: nil)
            // First what the server said: a link that broke in between must not be given a statement.
            if ready != 0 { link.consumeIdleInput() }
            while !link.isBroken, let work = mailbox.take() {
                let resume = work.run(link)
                mailbox.finishRunning(isReusable: link.isReusable)
                resume()
            }
        }
    }
}
