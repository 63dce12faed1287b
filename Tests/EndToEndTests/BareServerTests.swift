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
        var idle: [RawClient] = []
        var refusal: Answer?
        for _ in 0..<60 where refusal == nil {
            let client = try RawClient(port: port)
            idle.append(client)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.answer()
            if answer.status == 503 { refusal = answer }
        }
        #expect(refusal?["retry-after"] == "5")
        #expect(refusal?["content-type"] == "application/problem+json")
        idle = []
        try await eventually("it serves again") { (try? await get("/", port))?.status == 200 }
        process.signal(SIGTERM)
        #expect(await process.wait() == .exited(code: 0))
        await http.close()
    }
}
