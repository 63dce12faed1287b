package import HTTPClient
import HTTPWire
package import Kernel
package import Logging

/// Shopify's Admin API, by GraphQL (https://shopify.dev/docs/api/admin-graphql).
///
/// Every failure is a `VendorFailure`; nothing is retried here. Costs and throttling: a `rateLimited` failure carries
/// the wait Shopify's bucket asks for.
package struct ShopifyClient: Sendable {
    /// An order of 500 lines with all its fulfilments stays far below.
    package static let responseLimitBytes = 8 * 1024 * 1024

    private let configuration: ShopifyConfiguration
    private let line: VendorLine

    package init(configuration: ShopifyConfiguration, http: HTTPClient, logger: Logger) {
        self.configuration = configuration
        line = VendorLine(vendor: "shopify", http: http, logger: logger)
    }

    /// The shop's name: the cheapest call that needs the token.
    package func shopName() async throws(VendorFailure) -> String {
        try await ask("shopName", "query { shop { name } }") { (data: Wire.ShopData) in data.name }
    }

    /// The scopes the token was granted, `write_merchant_managed_fulfillment_orders`.
    package func grantedScopes() async throws(VendorFailure) -> [String] {
        let document = "query { currentAppInstallation { accessScopes { handle } } }"
        return try await ask("grantedScopes", document) { (data: Wire.InstallationData) in data.scopes }
    }

    /// One question: the data decides first, then the errors.
    /// - Parameter read: takes the answer out of the data; nil when the data leave it open, then `errors` are the
    ///   failure. Throws for `userErrors`.
    func ask<Data: Decodable, Answer>(
        _ operation: String, _ document: String, _ variables: JSONValue = [:], neverResend: Bool = false,
        reading read: (Data, GraphQLContext) throws(VendorFailure) -> Answer?
    ) async throws(VendorFailure) -> Answer {
        let body = JSONValue.object(["query": .string(document), "variables": variables])
        let request = HTTPClientRequest(
            method: .post, url: url,
            fields: [
                "content-type": "application/json", "accept": "application/json",
                "x-shopify-access-token": configuration.accessToken,
            ],
            body: (try? JSON.encode(body)) ?? [], timeoutSeconds: configuration.timeoutSeconds,
            responseLimitBytes: Self.responseLimitBytes, neverResend: neverResend)
        return try await line.call(operation, request) { answer throws(VendorFailure) in
            guard answer.response.status.isSuccess else {
                throw answer.failureOfStatus(text: Wire.errorText(answer.response.body))
            }
            let graph = try answer.decode(GraphQLAnswer<Data>.self)
            let context = GraphQLContext(answer: answer, hasErrors: !graph.errors.isEmpty)
            if let data = graph.data, let result = try read(data, context) { return result }
            throw answer.failure(of: graph)
        }
    }

    private func ask<Data: Decodable, Answer>(
        _ operation: String, _ document: String, reading read: (Data) -> Answer?
    ) async throws(VendorFailure) -> Answer {
        try await ask(operation, document, [:]) { (data: Data, _) throws(VendorFailure) in read(data) }
    }

    /// One question to the REST API, whose bodies are those of the webhooks.
    func get<Answer>(
        _ operation: String, _ url: String, reading read: (VendorAnswer) throws(VendorFailure) -> Answer
    ) async throws(VendorFailure) -> Answer {
        let request = HTTPClientRequest(
            method: .get, url: url,
            fields: ["accept": "application/json", "x-shopify-access-token": configuration.accessToken],
            timeoutSeconds: configuration.timeoutSeconds, responseLimitBytes: Self.responseLimitBytes)
        return try await line.call(operation, request) { answer throws(VendorFailure) in
            guard answer.response.status.isSuccess else {
                throw answer.failureOfStatus(text: Wire.errorText(answer.response.body))
            }
            return try read(answer)
        }
    }

    /// `https://{shop}/admin/api/2026-07`
    var restRoot: String {
        var root = configuration.apiURL[...]
        while root.hasSuffix("/") { root = root.dropLast() }
        return "\(root)/admin/api/\(ShopifyAPIVersion.pinned)"
    }

    private var url: String { "\(restRoot)/graphql.json" }
}

/// What the reader of the data may want to know besides.
struct GraphQLContext {
    let answer: VendorAnswer
    let hasErrors: Bool
}
