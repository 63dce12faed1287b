import Glibc
import Postgres
import Synchronization
import TestKit

/// Lines in the order they were added, from any thread.
final class Log: Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }

    func add(_ line: String) { state.withLock { $0.append(line) } }
}

/// A listening socket that never answers.
struct Listening {
    let descriptor: Int32
    let port: UInt16

    static func tcp() throws -> Listening {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the kernel reads and fills the local structure within the calls.
        let result = withUnsafeMutableBytes(of: &address) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            guard bind(descriptor, base, length) == 0, listen(descriptor, 8) == 0 else { return -1 }
            return getsockname(descriptor, base, &length)
        }
        guard result == 0 else { throw FixtureFailure(what: "no listening socket: \(errno)") }
        return Listening(descriptor: descriptor, port: UInt16(bigEndian: address.sin_port))
    }

    func close() { _ = Glibc.close(descriptor) }
}

struct FixtureFailure: Error {
    let what: String
}

/// Between a client and the server's socket; hangs up on the client when COMMIT has gone to the server.
final class DroppingProxy: Sendable {
    let url: String
    private let directory: String
    private let listener: Int32

    init(to url: String) throws {
        let parsed = try PostgresURL(url).environment()
        let server = "\(parsed["PGHOST"] ?? "")/.s.PGSQL.\(parsed["PGPORT"] ?? "5432")"
        var template = Array("/tmp/forma3d-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FixtureFailure(what: "no directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let listener = Self.unixSocket("\(directory)/.s.PGSQL.5432") { bind($0, $1, $2) }
        guard listener >= 0, listen(listener, 8) == 0 else { throw FixtureFailure(what: "no proxy") }
        self.listener = listener
        self.url = "postgresql://\(parsed["PGUSER"] ?? "")@/\(parsed["PGDATABASE"] ?? "")?host=\(directory)&port=5432"
        startThread {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                let backend = Self.unixSocket(server) { connect($0, $1, $2) }
                startThread { Self.pump(from: client, to: backend, hangUpAfter: Array("COMMIT".utf8)) }
                startThread { Self.pump(from: backend, to: client, hangUpAfter: nil) }
            }
        }
    }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = Glibc.close(listener)
        unlink("\(directory)/.s.PGSQL.5432")
        rmdir(directory)
    }

    private static func pump(from source: Int32, to target: Int32, hangUpAfter word: [UInt8]?) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { break }
            let bytes = buffer.prefix(count)
            let isLast = word.map { bytes.contains($0) } ?? false
            // The client must not see the answer, so it loses its link first.
            if isLast { shutdown(source, Int32(SHUT_RDWR)) }
            guard send(target, &buffer, count, Int32(MSG_NOSIGNAL)) == count, !isLast else { break }
        }
        if word == nil { shutdown(target, Int32(SHUT_RDWR)) } else { shutdown(target, Int32(SHUT_WR)) }
    }

    private static func unixSocket(
        _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // SAFETY: the path is shorter than the field, which starts out as zeros.
        withUnsafeMutableBytes(of: &address.sun_path) { field in field.copyBytes(from: path.utf8) }
        let result = withUnsafeBytes(of: &address) { raw -> Int32 in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return use(descriptor, base, socklen_t(raw.count))
        }
        return result == 0 ? descriptor : -1
    }
}

/// A detached thread for blocking test code.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    // SAFETY: retained here, taken back once by the thread.
    let start = Unmanaged.passRetained(Start(body)).toOpaque()
    pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, start)
    pthread_detach(thread)
}
