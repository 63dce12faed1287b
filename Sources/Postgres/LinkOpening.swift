import CPostgres
import Glibc
import Logging

extension Link {
    /// DESIGN: PostgreSQL 15 and later.
    private static let serverVersionMinimum: Int32 = 150_000

    /// Opens a connection on the calling thread, within the connect time-out.
    static func open(
        _ settings: ConnectionSettings, mailbox: Mailbox, logger: Logger,
        onNotification: (@Sendable (String, String) -> Void)?
    ) throws -> Link {
        let deadline = ContinuousClock.now + settings.connectTimeout
        let resolved = try HostResolution.parameters(
            for: settings.url, wakeUp: mailbox.wakeUp, until: deadline, isInterrupted: { mailbox.isClosing })
        // Later keywords win over what `dbname` (the URI) expands to, earlier ones are defaults for it.
        var keywords: [(String, String)] = [
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"), ("gssencmode", "disable"), ("application_name", settings.applicationName),
            ("dbname", settings.url.libpqURI),
        ]
        keywords += resolved
        keywords.append(("client_encoding", "UTF8"))
        guard let raw = start(keywords) else {
            throw PostgresError(kind: .unreachable, message: "libpq has no memory for a connection")
        }
        let link = Link(
            adopting: raw, mailbox: mailbox, settings: settings, notices: NoticeSink(logger: logger),
            onNotification: onNotification)
        try link.poll(until: deadline)
        PQsetnonblocking(raw, 1)
        guard PQserverVersion(raw) >= serverVersionMinimum else {
            throw PostgresError(
                kind: .unreachable,
                message: "PostgreSQL 15 or later is needed, the server is \(PQserverVersion(raw) / 10_000)")
        }
        try link.script(settings.setUpScript, Patience(deadline: deadline))
        return link
    }

    private static func start(_ keywords: [(String, String)]) -> OpaquePointer? {
        withCStrings(keywords.map(\.0)) { names in
            withCStrings(keywords.map(\.1)) { values in PQconnectStartParams(names, values, 1) }
        }
    }

    private func poll(until deadline: ContinuousClock.Instant) throws {
        var next = PGRES_POLLING_WRITING
        while true {
            guard PQstatus(raw) != CONNECTION_BAD, next != PGRES_POLLING_FAILED else { throw refused() }
            if next == PGRES_POLLING_OK { return }
            let events = Int16(next == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            let ready = mailbox.wakeUp.sleep(watching: PQsocket(raw), for: events, until: deadline)
            if mailbox.isClosing { throw PostgresError(kind: .closed, message: "closed while connecting") }
            if ready == 0 {
                guard ContinuousClock.now < deadline else {
                    throw PostgresError(kind: .unreachable, message: "no connection within the connect time-out")
                }
                continue
            }
            next = PQconnectPoll(raw)
        }
    }

    private func refused() -> PostgresError {
        PostgresError(kind: .unreachable, message: String(cString: PQerrorMessage(raw)))
    }
}

/// The NULL-ended array of C strings that libpq takes; alive inside the closure.
func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
    // SAFETY: each string is duplicated, the array is ended by NULL, and everything is freed after the call.
    let owned = texts.map { strdup($0) }
    defer { for pointer in owned { free(pointer) } }
    var pointers = owned.map { UnsafePointer($0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array ends with NULL, so it is not empty") }
        return body(base)
    }
}
