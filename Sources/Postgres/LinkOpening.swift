import CPostgres
import Glibc
import Logging
import Synchronization

/// A connection being made: on a thread of its own, because libpq reads files, and a password's proof (SCRAM) and a TLS
/// handshake compute for milliseconds; nothing of that belongs on the loop.
final class LinkOpening: Sendable {
    private let settings: ConnectionSettings
    private let wakeUp: WakeUp
    private let isGivenUp = Atomic<Bool>(false)

    init(_ settings: ConnectionSettings) throws(PostgresError) {
        self.settings = settings
        wakeUp = try WakeUp()
    }

    /// libpq's connection, ready for statements.
    // SAFETY: given from the thread that made it to the loop, which alone uses it from then on.
    struct Opened: @unchecked Sendable {
        let raw: OpaquePointer
    }

    /// - Throws: `PostgresError` `unreachable` within the connect time-out; `closed` after `giveUp`.
    func open() async throws -> Opened {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Opened, any Error>) in
            do {
                try BlockingThread.start("pg-connect") {
                    continuation.resume(with: Result { try self.connect() })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Ends the attempt soon.
    func giveUp() {
        isGivenUp.store(true, ordering: .relaxed)
        wakeUp.signal()
    }

    // MARK: the thread

    private func connect() throws -> Opened {
        let deadline = ContinuousClock.now + settings.connectTimeout
        let resolved = try HostResolution.parameters(
            for: settings.url, wakeUp: wakeUp, until: deadline, isInterrupted: { isGivenUp.load(ordering: .relaxed) })
        // Later keywords win over what `dbname` (the URI) expands to, earlier ones are defaults for it.
        var keywords: [(String, String)] = [
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"), ("gssencmode", "disable"), ("application_name", settings.applicationName),
            ("dbname", settings.url.libpqURI),
        ]
        keywords += resolved
        keywords.append(("client_encoding", "UTF8"))
        guard let raw = Self.start(keywords) else {
            throw PostgresError(kind: .unreachable, message: "libpq has no memory for a connection")
        }
        do {
            try poll(raw, until: deadline)
            return Opened(raw: raw)
        } catch {
            PQfinish(raw)
            throw error
        }
    }

    private static func start(_ keywords: [(String, String)]) -> OpaquePointer? {
        withCStrings(keywords.map(\.0)) { names in
            withCStrings(keywords.map(\.1)) { values in PQconnectStartParams(names, values, 1) }
        }
    }

    private func poll(_ raw: OpaquePointer, until deadline: ContinuousClock.Instant) throws {
        var next = PGRES_POLLING_WRITING
        while true {
            guard PQstatus(raw) != CONNECTION_BAD, next != PGRES_POLLING_FAILED else {
                throw PostgresError(kind: .unreachable, message: String(cString: PQerrorMessage(raw)))
            }
            if next == PGRES_POLLING_OK { return }
            let events = Int16(next == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            let ready = wakeUp.sleep(watching: PQsocket(raw), for: events, until: deadline)
            if isGivenUp.load(ordering: .relaxed) {
                throw PostgresError(kind: .closed, message: "closed while connecting")
            }
            if ready == 0 {
                guard ContinuousClock.now < deadline else {
                    throw PostgresError(kind: .unreachable, message: "no connection within the connect time-out")
                }
                continue
            }
            next = PQconnectPoll(raw)
        }
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
