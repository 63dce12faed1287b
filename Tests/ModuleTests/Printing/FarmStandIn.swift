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
            switch path {
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
