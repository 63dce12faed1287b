import Cryptography
import HTTPClient
import HTTPWire
import Logging

@testable import Forma3DSandbox

/// The stand-in on a real socket with a target that takes its webhooks.
struct Sandbox: Sendable {
    let root: String
    let target: TargetServer
    let client: HTTPClient
    private let service: SandboxService

    /// Starts everything, runs the body, stops everything.
    static func run(
        speed: Double = 2_000, rateLimit: Int = 0, publicURL: String = "", _ body: (Sandbox) async throws -> Void
    ) async throws {
        let logger = Logger(label: "sandbox-test") { _ in SwiftLogNoOpLogHandler() }
        let target = TargetServer()
        let targetPort = try target.start()
        var options = SandboxOptions()
        options.target = "http://127.0.0.1:\(targetPort)"
        options.speed = speed
        options.requestsPerMinute = rateLimit
        options.publicURL = publicURL
        let service = SandboxService(options: options, logger: logger)
        let port = try await service.start()
        let client = HTTPClient(logger: logger)
        let sandbox = Sandbox(root: "http://127.0.0.1:\(port)", target: target, client: client, service: service)
        do {
            try await body(sandbox)
        } catch {
            await sandbox.stop()
            throw error
        }
        await sandbox.stop()
    }

    private func stop() async {
        await client.close()
        await service.stop()
        await target.stop()
    }

    func send(
        _ method: HTTPMethod, _ path: String, fields: HTTPFields = [:], body: JSONNode? = nil, bytes: [UInt8]? = nil
    ) async throws -> (status: Int, node: JSONNode, fields: HTTPFields, bytes: [UInt8]) {
        var fields = fields
        if body != nil || bytes != nil { fields["content-type"] = "application/json" }
        let request = HTTPClientRequest(
            method: method, url: root + path, fields: fields, body: bytes ?? body?.bytes() ?? [], timeoutSeconds: 20,
            neverResend: true)
        let response = try await client.send(request)
        return (response.status.code, JSONNode.parse(response.body) ?? .null, response.fields, response.body)
    }

    func control(_ path: String, _ body: JSONNode = [:]) async throws -> JSONNode {
        try await send(.post, "/__control/\(path)", body: body).node
    }

    func ledger() async throws -> JSONNode { try await send(.get, "/__control/ledger").node }

    func graphQL(_ query: String, _ variables: JSONNode = [:]) async throws -> JSONNode {
        try await send(
            .post, "/shopify/admin/api/2026-07/graphql.json",
            fields: ["x-shopify-access-token": SandboxCredentials.shopToken],
            body: ["query": .string(query), "variables": variables]
        ).node
    }

    func farm(
        _ path: String, _ body: JSONNode? = [:], key: String = SandboxCredentials.farmKey
    ) async throws -> (status: Int, node: JSONNode) {
        let answer = try await send(
            .post, "/simplyprint/\(SandboxCredentials.farmCompanyID)/\(path)", fields: ["x-api-key": key], body: body)
        return (answer.status, answer.node)
    }

    static let basic =
        "Basic "
        + Base64.encode(
            Array("\(SandboxCredentials.parcelPublicKey):\(SandboxCredentials.parcelSecretKey)".utf8))

    func parcels(
        _ method: HTTPMethod, _ path: String, _ body: JSONNode? = nil
    ) async throws -> (status: Int, node: JSONNode) {
        let answer = try await send(
            method, "/sendcloud/api/v2/\(path)", fields: ["authorization": Self.basic], body: body)
        return (answer.status, answer.node)
    }
}
