import Foundation
import Glibc
import HTTPClient
import HTTPWire
import Kernel
import Logging
import Processes
import Synchronization
import TestKit

/// The real programs, started as an operator would: one sandbox, and servers that can be killed and started again.
final class LiveSystem: Sendable {
    static let operatorKey = "an-operator-key-for-tests"

    let http: HTTPClient
    let sandboxPort: Int
    private let folder: String
    /// What the sandbox tells a server to set, its secrets among them.
    let sandboxSettings: [String: String]
    private let running = Mutex<[String: RunningProcess]>([:])

    var sandboxURL: String { "http://127.0.0.1:\(sandboxPort)" }

    /// - Parameter target: the port of the server that gets the webhooks.
    init(target: Int, speed: Int, rateLimit: Int = 60_000) async throws {
        http = HTTPClient(logger: Self.quiet)
        sandboxPort = try FreePort.take()
        folder = FileManager.default.temporaryDirectory.appending(path: "forma3d-e2e-\(UUID().uuidString.prefix(8))")
            .path()
        // The private database's own user has to walk through it when the tests run as root.
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        let arguments = [
            "--port", "\(sandboxPort)", "--target", "http://127.0.0.1:\(target)", "--speed", "\(speed)", "--rate-limit",
            "\(rateLimit)",
        ]
        let text = try await RunningProcess.run(
            Command(
                try Self.program("forma3d-sandbox"), arguments + ["--env"], environment: Self.base, output: .captured))
        sandboxSettings = Dictionary(
            text.split(separator: "\n").compactMap { line in
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }, uniquingKeysWith: { _, last in last })
        try start(
            "sandbox",
            Command(Self.program("forma3d-sandbox"), arguments, environment: Self.base, output: log("sandbox")))
        try await eventually("the sandbox answers") { (try? await ledger()) != nil }
    }

    /// Starts a server under that name; `settings` win over the sandbox's.
    func startServer(_ name: String, port: Int, roles: String? = nil, settings: [String: String]) throws {
        let own = [
            "APP_ENV": "development", "APP_PORT": "\(port)", "DATA_DIR": folder + "/data",
            "INTERNAL_API_KEY": Self.operatorKey, "SIMPLYPRINT_REQUESTS_PER_MINUTE": "60000",
            "SIMPLYPRINT_POLLING_INTERVAL_MS": "1000", "VENDOR_LAG_SECONDS": "0.2", "JOB_LEASE_SECONDS": "3",
            "SHOPIFY_API_TIMEOUT_MS": "2000", "SIMPLYPRINT_API_TIMEOUT_MS": "2000", "SENDCLOUD_API_TIMEOUT_MS": "2000",
            "RETRY_INITIAL_DELAY_MS": "100", "VENDOR_CIRCUIT_OPEN_MS": "200",
        ]
        let environment = Self.base.merging(sandboxSettings) { $1 }.merging(own) { $1 }.merging(settings) { $1 }
        let arguments = ["serve"] + (roles.map { ["--roles", $0] } ?? [])
        try start(name, Command(Self.program("forma3d"), arguments, environment: environment, output: log(name)))
    }

    func waitUntilReady(port: Int, within limit: Duration = .seconds(30)) async throws {
        try await eventually(within: limit, "the server on \(port) is ready") {
            (try? await http.send(HTTPClientRequest(method: .get, url: "http://127.0.0.1:\(port)/health/ready")))?
                .status.isSuccess == true
        }
    }

    /// SIGKILL, as a crash or the kernel's out-of-memory killer would.
    func kill(_ name: String) async {
        guard let process = running.withLock({ $0.removeValue(forKey: name) }) else { return }
        process.signal(SIGKILL)
        _ = await process.wait()
    }

    func signal(_ name: String, _ number: Int32) {
        running.withLock { $0[name] }?.signal(number)
    }

    /// SIGTERM. - Returns: the exit status.
    func terminate(_ name: String) async -> ExitStatus? {
        guard let process = running.withLock({ $0.removeValue(forKey: name) }) else { return nil }
        process.signal(SIGTERM)
        return await process.wait()
    }

    /// Ends everything; the folder goes when the test was content with it.
    func stop() async {
        for name in running.withLock({ $0.keys.sorted { left, _ in left != "sandbox" } }) { _ = await terminate(name) }
        await http.close()
        // After a kill or a second SIGTERM the private database may still be on its way down.
        let pidFile = folder + "/data/postgres/postmaster.pid"
        try? await eventually("the private database has ended") { !FileManager.default.fileExists(atPath: pidFile) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    func logText(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name).log", encoding: .utf8)) ?? ""
    }

    // MARK: What outside checks see

    func ledger() async throws -> Ledger {
        let answer = try await http.send(HTTPClientRequest(method: .get, url: sandboxURL + "/__control/ledger"))
        return try JSON.decode(Ledger.self, from: answer.body)
    }

    @discardableResult
    func control(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await send(.post, sandboxURL + "/__control/" + path, body)
    }

    /// One call of the operators' API.
    @discardableResult
    func send(_ method: HTTPMethod, _ url: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let answer = try await http.send(
            HTTPClientRequest(
                method: method, url: url, fields: ["content-type": "application/json", "x-api-key": Self.operatorKey],
                body: try body.map { try JSON.encode($0) } ?? [], timeoutSeconds: 10))
        guard answer.status.isSuccess else {
            throw UnexpectedAnswer(
                what: "\(method) \(url): \(answer.status.code) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.body.isEmpty ? .null : try JSON.decode(JSONValue.self, from: answer.body)
    }

    private func start(_ name: String, _ command: Command) throws {
        let process = try RunningProcess.start(command)
        running.withLock { $0[name] = process }
    }

    private func log(_ name: String) -> Command.Output { .file(path: "\(folder)/\(name).log") }

    /// Beside the test bundle, where `swift build` puts them.
    static func program(_ name: String) throws -> String {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folders = [URL(filePath: bundle).deletingLastPathComponent().path()]
        folders += CommandLine.arguments.map { URL(filePath: $0).deletingLastPathComponent().path() }
        for folder in folders where FileManager.default.isExecutableFile(atPath: folder + name) { return folder + name }
        throw UnexpectedAnswer(what: "\(name) is not built: run scripts/test, which builds it first")
    }

    static var base: [String: String] {
        ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "LANG", "TMPDIR"].contains($0.key) }
    }

    private static var quiet: Logger { Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() } }
}

struct UnexpectedAnswer: Error, CustomStringConvertible {
    let what: String
    var description: String { what }
}

/// A port nobody listens on.
enum FreePort {
    static func take() throws -> Int {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        return server.port
    }
}

/// What the vendors hold in the end.
struct Ledger: Decodable, Sendable {
    struct SimplyPrint: Decodable, Sendable {
        struct QueueItem: Decodable, Sendable {
            let id: String
            let reference: String?
            let deleted: Bool
        }
        struct Job: Decodable, Sendable {
            let uid: String
            let reference: String?
            let state: String
        }
        let queueItems: [QueueItem]
        let jobs: [Job]
    }
    struct Sendcloud: Decodable, Sendable {
        struct Parcel: Decodable, Sendable {
            let id: String
            let externalReference: String?
            let orderNumber: String?
            let labelRequested: Bool
            let cancelled: Bool
        }
        let parcels: [Parcel]
    }
    struct Shopify: Decodable, Sendable {
        struct Fulfillment: Decodable, Sendable {
            let id: String
            let orderId: String
            let trackingNumber: String?
            let notifyCustomer: Bool
            let cancelled: Bool
        }
        struct Order: Decodable, Sendable {
            let id: String
            let name: String
            let displayFulfillmentStatus: String
        }
        let fulfillments: [Fulfillment]
        let orders: [Order]
    }
    let simplyprint: SimplyPrint
    let sendcloud: Sendcloud
    let shopify: Shopify
}
