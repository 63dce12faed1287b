import HTTPClient
import HTTPWire
import Kernel

/// The few calls the demo makes to the server's operators' API and to the stand-ins' control surface.
struct DemoAPI: Sendable {
    let http: HTTPClient
    let ports: DemoPorts
    let apiKey: String

    /// Whether both programs answer, the server also for being ready.
    func isReady() async -> Bool {
        guard let control = try? await exchange(.get, ports.sandboxURL + "/__control/ledger"),
            let server = try? await exchange(.get, ports.serverURL + "/health/ready")
        else { return false }
        return control.status.isSuccess && server.status.isSuccess
    }

    func createMapping(_ mapping: JSONValue) async throws {
        _ = try await json(.post, ports.serverURL + "/api/v1/product-mappings", mapping)
    }

    /// Places an order in the stand-in shop. - Returns: its id there, digits.
    func placeOrder(_ order: JSONValue) async throws -> String {
        let answer = try await json(.post, ports.sandboxURL + "/__control/orders", order)
        guard let id = answer["id"].flatMap(Self.digits) else { throw DemoFailure("the shop gave no order id") }
        return id
    }

    /// The newest orders, as lines of the list.
    func orders(limit: Int) async throws -> [JSONValue] {
        try await json(.get, ports.serverURL + "/api/v1/orders?limit=\(limit)")["items"]?.array ?? []
    }

    /// One order with everything.
    func order(_ id: String) async throws -> JSONValue {
        try await json(.get, ports.serverURL + "/api/v1/orders/\(id)")
    }

    func ledger() async throws -> JSONValue {
        try await json(.get, ports.sandboxURL + "/__control/ledger")
    }

    /// The digits of a number, of a string of digits or of a gid.
    static func digits(_ value: JSONValue) -> String? {
        if let number = value.integer { return String(number) }
        guard let text = value.string else { return nil }
        let last = text.split(separator: "/").last ?? ""
        return !last.isEmpty && last.allSatisfy(\.isNumber) ? String(last) : nil
    }

    private func json(_ method: HTTPMethod, _ url: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        let response = try await exchange(method, url, body)
        guard response.status.isSuccess else {
            let text = String(decoding: response.body.prefix(400), as: UTF8.self)
            throw DemoFailure("\(method) \(url) answered \(response.status.code): \(text)")
        }
        return try JSON.decode(JSONValue.self, from: response.body)
    }

    private func exchange(
        _ method: HTTPMethod, _ url: String, _ body: JSONValue? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(method: method, url: url, fields: ["x-api-key": apiKey], timeoutSeconds: 10)
        if let body {
            request.fields["content-type"] = "application/json"
            request.body = try JSON.encode(body)
        }
        do {
            return try await http.send(request)
        } catch {
            throw DemoFailure("\(method) \(url) failed: \(error.kind)")
        }
    }
}
