import CPostgres
import Logging
import Synchronization

/// Takes a server's warnings; libpq would print them to standard error.
final class NoticeSink: Sendable {
    private let logger: Logger
    private let lastWords = Mutex<SQLState?>(nil)

    /// The server said that it ends this connection (`57P01` and the like), outside any statement.
    var farewell: SQLState? { lastWords.withLock { $0 } }

    init(logger: Logger) {
        self.logger = logger
    }

    /// The sink must outlive the connection.
    func install(on connection: OpaquePointer) {
        // SAFETY: unretained; `Link` owns both and ends the connection before it lets go of the sink.
        let sink = Unmanaged.passUnretained(self).toOpaque()
        PQsetNoticeReceiver(
            connection,
            { sink, result in
                guard let sink, let result else { return }
                // SAFETY: the very pointer given above, while its connection is alive.
                Unmanaged<NoticeSink>.fromOpaque(sink).takeUnretainedValue().receive(result)
            }, sink)
    }

    /// The text can quote rows, so it is for the debug level only.
    private func receive(_ result: OpaquePointer) {
        if forma3d_pq_severity(result).map({ String(cString: $0) }) == "FATAL" {
            let code = forma3d_pq_sqlstate(result).map { String(cString: $0) } ?? ""
            return lastWords.withLock { $0 = SQLState(code) }
        }
        let sqlState = forma3d_pq_sqlstate(result).map { String(cString: $0) } ?? ""
        let message = forma3d_pq_message(result).map { String(cString: $0) } ?? ""
        logger.warning("PostgreSQL sent a warning", metadata: ["sqlstate": "\(sqlState)"])
        logger.debug("PostgreSQL's warning in full", metadata: ["sqlstate": "\(sqlState)", "message": "\(message)"])
    }
}
