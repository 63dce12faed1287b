import Foundation
import Glibc
import HTTPClient
import Kernel
import Processes
import Synchronization

/// The two programs of the demo and their temporary folder.
final class DemoWorld: Sendable {
    /// How long a program may take to drain before it is killed; above the server's own 25 s.
    private static let stopSecondsMaximum = 30.0

    let ports: DemoPorts
    let http: HTTPClient
    let apiKey: String
    private let speed: Double
    private let rateLimit: Int
    private let folder: String
    private let binaries: String
    private let server = Mutex<Command?>(nil)
    private let running = Mutex<[(name: String, process: RunningProcess)]>([])

    /// - Parameter rateLimit: SimplyPrint calls a minute, on both sides.
    init(ports: DemoPorts, speed: Double, http: HTTPClient, rateLimit: Int = 6_000) {
        self.rateLimit = rateLimit
        self.ports = ports
        self.speed = speed
        self.http = http
        apiKey = UUID().uuidString.lowercased()
        folder = FileManager.default.temporaryDirectory.appending(path: "forma3d-demo-\(UUID().uuidString.prefix(8))")
            .path()
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        binaries = URL(filePath: own).deletingLastPathComponent().path()
    }

    /// Starts the stand-ins, then the server with the settings that the stand-ins ask for.
    func start() async throws {
        // Another user (postgres) has to walk through it when this runs as root.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        let sandbox = binaries + "forma3d-sandbox"
        let arguments = [
            "--port", "\(ports.sandbox)", "--target", ports.serverURL, "--speed", "\(speed)", "--rate-limit",
            "\(rateLimit)",
        ]
        let settings = try await sandboxSettings(sandbox, arguments)
        try launch("sandbox", Command(sandbox, arguments, environment: base, output: .file(path: log("sandbox"))))
        let environment = base.merging(settings) { $1 }.merging(serverSettings) { $1 }
        let server = Command(
            binaries + "forma3d", ["serve"], environment: environment, output: .file(path: log("server")))
        self.server.withLock { $0 = server }
        try launch("server", server)
    }

    /// SIGKILL, then the same server again; its database goes on running. - Returns: when it was started again.
    func killAndRestartServer() async throws -> ContinuousClock.Instant {
        let old = running.withLock { running -> RunningProcess? in
            guard let index = running.firstIndex(where: { $0.name == "server" }) else { return nil }
            return running.remove(at: index).process
        }
        old?.signal(SIGKILL)
        _ = await old?.wait()
        guard let command = server.withLock({ $0 }) else { throw DemoFailure("the server was never started") }
        let startedAt = ContinuousClock.now
        try launch("server", command)
        return startedAt
    }

    /// Resident memory of the server's own process, without its database.
    func serverResidentMebibytes() throws -> Double {
        guard let process = running.withLock({ $0.first { $0.name == "server" }?.process }) else {
            throw DemoFailure("the server is not running")
        }
        let text = try String(contentsOfFile: "/proc/\(process.processID)/statm", encoding: .utf8)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }

    /// The first program that has ended though it should not have, in words.
    var endedEarly: String? {
        running.withLock { $0.first { !$0.process.isRunning }.map { "the \($0.name) has stopped by itself" } }
    }

    /// Stops the server first, so that its drain still finds the stand-ins; then removes the folder.
    func stop(keepsLogs: Bool) async {
        for (_, process) in running.withLock({ $0.reversed() }) {
            process.signal(SIGTERM)
            let deadline = ContinuousClock.now + .seconds(Self.stopSecondsMaximum)
            while process.isRunning, ContinuousClock.now < deadline {
                try? await ContinuousClock().sleep(for: .milliseconds(20))
            }
            process.signalGroup(SIGKILL)
            _ = await process.wait()
        }
        await http.close()
        if keepsLogs, FileManager.default.fileExists(atPath: folder) {
            Terminal.error("The logs are in \(folder)")
        } else {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// For a second Ctrl-C: the second SIGTERM makes the server stop its database and itself at once.
    func killEverything() {
        for (_, process) in running.withLock({ $0 }) { process.signal(SIGTERM) }
    }

    /// The last lines of both logs.
    func logTail() -> [String] {
        ["sandbox", "server"].flatMap { name -> [String] in
            let text = (try? String(contentsOfFile: log(name), encoding: .utf8)) ?? ""
            return text.split(separator: "\n").suffix(8).map { "\(name): \($0.prefix(400))" }
        }
    }

    private func launch(_ name: String, _ command: Command) throws {
        guard FileManager.default.isExecutableFile(atPath: command.executable) else {
            throw DemoFailure("\(command.executable) is not built: run scripts/demo")
        }
        let process = try RunningProcess.start(command)
        running.withLock { $0.append((name, process)) }
    }

    private func log(_ name: String) -> String { "\(folder)/\(name).log" }

    /// `NAME=value` lines that the stand-ins print for `--env`.
    private func sandboxSettings(_ sandbox: String, _ arguments: [String]) async throws -> [String: String] {
        guard FileManager.default.isExecutableFile(atPath: sandbox) else {
            throw DemoFailure("\(sandbox) is not built: run scripts/demo")
        }
        let text = try await RunningProcess.run(
            Command(sandbox, arguments + ["--env"], environment: base, output: .captured))
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !line.hasPrefix("#") else { return nil }
            return (String(parts[0]), String(parts[1]).trimmingCharacters(in: ["\"", "'"]))
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private var base: [String: String] {
        ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "LANG", "TMPDIR", "TERM"].contains($0.key) }
    }

    /// What makes a demo quick: the stand-ins' budget is wide, and a lost webhook is noticed at once.
    private var serverSettings: [String: String] {
        [
            "APP_ENV": "development", "APP_HOST": "127.0.0.1", "APP_PORT": "\(ports.server)",
            "API_URL": ports.serverURL, "DATA_DIR": folder + "/data", "DATABASE_URL": "private",
            "INTERNAL_API_KEY": apiKey, "SIMPLYPRINT_REQUESTS_PER_MINUTE": "\(rateLimit)",
            "SIMPLYPRINT_POLLING_INTERVAL_MS": "2000", "VENDOR_LAG_SECONDS": "1", "WORKER_CONCURRENCY": "16",
        ]
    }
}
