import Glibc
import HTTPClient
import HTTPWire
import Logging
import Processes
import TestKit
import Testing

/// The bare server as a program of its own: what only a whole process can show.
@Suite struct BareServerTests {
    private let http = HTTPClient(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func get(_ path: String, _ port: Int) async throws -> HTTPClientResponse {
        try await http.send(HTTPClientRequest(method: .get, url: "http://127.0.0.1:\(port)\(path)"))
    }

    private func start(_ arguments: String, limit: Int = 256, port: Int) async throws -> RunningProcess {
        let program = try LiveSystem.program("forma3d-httpd")
        let script = "ulimit -n \(limit); exec \"$0\" --port \(port) \(arguments)"
        let process = try RunningProcess.start(
            Command("/bin/sh", ["-c", script, program], environment: LiveSystem.base, output: .null))
        try await eventually("the server answers") { (try? await get("/", port))?.status == 200 }
        return process
    }

    /// While not ready it serves on; then the listener closes, and the process ends well.
    @Test func aStopIsAnnouncedBeforeItComes() async throws {
        let port = try FreePort.take()
        let process = try await start("--drain-pause 1.5", port: port)
        #expect(try await get("/health/ready", port).status == 200)
        process.signal(SIGTERM)
        try await eventually("readiness says no") { try await get("/health/ready", port).status == 503 }
        #expect(try await get("/", port).status == 200)
        #expect(try await get("/health/live", port).status == 200)
        try await eventually("nobody listens any more") { (try? await get("/", port)) == nil }
        #expect(await process.wait() == .exited(code: 0))
        await http.close()
    }

    /// Out of descriptors: the reserve is given up to say so, nothing spins or dies, and it goes on when some are free.
    @Test func withoutDescriptorsAClientIsTold() async throws {
        let port = try FreePort.take()
        let process = try await start("--drain-pause 0", limit: 40, port: port)
        var idle: [PlainSocket] = []
        var refused: String?
        for _ in 0..<60 where refused == nil {
            let socket = try PlainSocket(port: port)
            idle.append(socket)
            socket.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            var answer = ""
            try await eventually("an answer") {
                answer += socket.poll()
                return answer.contains("\r\n\r\n")
            }
            if answer.hasPrefix("HTTP/1.1 503 ") { refused = answer }
        }
        #expect(refused?.contains("retry-after: 5") == true)
        #expect(refused?.contains("application/problem+json") == true)
        idle = []
        try await eventually("it serves again") { (try? await get("/", port))?.status == 200 }
        process.signal(SIGTERM)
        #expect(await process.wait() == .exited(code: 0))
        await http.close()
    }
}

/// A client that holds its connection open.
private final class PlainSocket {
    private let descriptor: Int32

    struct Refused: Error { let errorNumber: Int32 }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            // SAFETY: the kernel reads a sockaddr_in through a sockaddr pointer, as its length says.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Refused(errorNumber: errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func poll() -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
    }
}
