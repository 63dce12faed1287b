import FoundationEssentials
import HTTPClient
import Kernel
import Logging
import SimplyPrint
import Synchronization
import TestKit

/// A farm that stands still until a test moves it, behind the real client on a real socket.
final class FarmStandIn: Sendable {
    struct State {
        /// Copies left, by queue item.
        var queue: [Int64: Int] = [:]
        var pendingApproval: Set<Int64> = []
        /// The newest last.
        var history: [Job] = []
        var deleted: [Int64] = []
        /// File ids of the items that were added.
        var added: [String] = []
        /// Paths without the company, in the order they were called.
        var calls: [String] = []
        var knownFiles: Set<String>?
        var needsApproval = false
        /// Names of the kept files, with their ids.
        var files: [String: String] = [:]
        fileprivate var uploads: [String] = []
        /// Does what it is asked by these paths, so often, and hangs up.
        var losesAnswerOf: [String: Int] = [:]
        /// Keeps the next file and hangs up.
        var losesKeep = false
        fileprivate var itemsTotal: Int64 = 0
    }

    struct Job {
        let id: Int64
        let uid: String
        let queueItemID: Int64
        let status: String
    }

    private let state = Mutex(State())

    var now: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    static func with(_ body: (FarmStandIn, SimplyPrintClient) async throws -> Void) async throws {
        let farm = FarmStandIn()
        let server = try ScriptedServer { farm.answer($0) }
        let http = HTTPClient(logger: .noWhere)
        let client = SimplyPrintClient(
            configuration: SimplyPrintConfiguration(
                companyID: "1", apiKey: "key", apiURL: server.url, filesURL: server.url, timeoutSeconds: 10),
            http: http, takeBudget: {}, logger: .noWhere)
        do {
            try await body(farm, client)
        } catch {
            server.stop()
            await http.close()
            throw error
        }
        server.stop()
        await http.close()
    }

    private func answer(_ request: ScriptedServer.Received) -> ScriptedServer.Reply {
        let target = request.target.split(separator: "?", maxSplits: 1).map(String.init)
        let path = String(target[0].dropFirst("/1/".count))
        return state.withLock { state in
            state.calls.append(path)
            let reply = Self.answer(path, target, request, &state)
            guard let losses = state.losesAnswerOf[path], losses > 0 else { return reply }
            state.losesAnswerOf[path] = losses - 1
            return .hangUp
        }
    }

    private static func answer(
        _ path: String, _ target: [String], _ request: ScriptedServer.Received, _ state: inout State
    ) -> ScriptedServer.Reply {
        switch path {
        case "files/Upload": return Self.file(request, &state)
        case "files/GetFiles":
            let files = state.files.map { name, id in
                let parts = name.split(separator: ".")
                return "{\"id\":\"\(id)\",\"name\":\"\(parts[0])\",\"ext\":\"\(parts[1])\",\"size\":4}"
            }
            return Self.success("\"files\":[\(files.joined(separator: ","))]")
        case "queue/AddItem": return Self.add(request, &state)
        case "queue/GetItems":
            let items = state.queue.sorted { $0.key < $1.key }.map { "{\"id\":\($0.key),\"left\":\($0.value)}" }
            return Self.success("\"queue\":[\(items.joined(separator: ","))]")
        case "queue/approval/GetPendingItems":
            let items = state.pendingApproval.sorted().map { "{\"id\":\($0),\"left\":1}" }
            return Self.success("\"queue\":[\(items.joined(separator: ","))]")
        case "queue/DeleteItem":
            let text = target.last?.split(separator: "=").last.map(String.init)
            let items = Array(state.queue.keys) + state.pendingApproval
            guard let id = items.first(where: { String($0) == text }) else {
                return .json("{\"status\":false,\"message\":\"Queue item not found\"}")
            }
            state.queue[id] = nil
            state.pendingApproval.remove(id)
            state.deleted.append(id)
            return Self.success("\"x\":1")
        case "jobs/GetPaginatedPrintJobs":
            let jobs = state.history.map { job in
                "{\"id\":\(job.id),\"uid\":\"\(job.uid)\",\"status\":\"\(job.status)\","
                    + "\"queueItem\":{\"id\":\(job.queueItemID)}}"
            }
            return Self.success("\"data\":[\(jobs.joined(separator: ","))]")
        default: return Self.success("\"data\":[]")
        }
    }

    /// The file host takes multipart, the API the id of what was uploaded.
    private static func file(_ request: ScriptedServer.Received, _ state: inout State) -> ScriptedServer.Reply {
        guard request.fields["content-type"]?.hasPrefix("multipart/") == true else {
            let body = try? JSON.decode(JSONValue.self, from: request.body)
            guard let id = body?["fileId"]?.string, let index = Int(id.suffix(2)), index < state.uploads.count else {
                return .json("{\"status\":false,\"message\":\"File not found\"}")
            }
            let kept = String(repeating: "k", count: 30) + "\(10 + state.files.count)"
            state.files[state.uploads[index]] = kept
            if state.losesKeep {
                state.losesKeep = false
                return .hangUp
            }
            return success("\"id\":\"\(kept)\"")
        }
        let name = request.text.split(separator: "filename=\"").dropFirst().first?.split(separator: "\"").first
        state.uploads.append(String(name ?? "?"))
        let id =
            String(repeating: "u", count: 62) + (state.uploads.count < 11 ? "0" : "") + "\(state.uploads.count - 1)"
        return success("\"file\":{\"id\":\"\(id)\"}")
    }

    private static func add(_ request: ScriptedServer.Received, _ state: inout State) -> ScriptedServer.Reply {
        let body = try? JSON.decode(JSONValue.self, from: request.body)
        let file = body?["filesystem"]?.string ?? ""
        if let known = state.knownFiles, !known.contains(file) {
            return .json("{\"status\":false,\"message\":\"File not found\"}")
        }
        state.added.append(file)
        state.itemsTotal += 1
        if state.needsApproval {
            state.pendingApproval.insert(state.itemsTotal)
        } else {
            state.queue[state.itemsTotal] = 1
        }
        return success("\"created_id\":\(state.itemsTotal)")
    }

    private static func success(_ members: String) -> ScriptedServer.Reply {
        .json("{\"status\":true,\"message\":null,\"page_amount\":1,\(members)}")
    }
}

extension Logger {
    static var noWhere: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
