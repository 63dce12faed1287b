import Catalog
import Contracts
import FoundationEssentials
import HTTPClient
import HTTPWire
import Inbox
import Jobs
import Kernel
import Logging
import Orders
import Postgres
import Shopify
import Synchronization
import TestKit
import Testing

/// A shop that answers the Admin API out of what a test puts into it, behind the real client on a real socket; and
/// Orders with its inbox, on a database of its own.
struct RESTShop: Sendable {
    /// What the shop holds.
    struct State {
        /// Bodies by order id.
        var orders: [Int64: [String: JSONValue]] = [:]
        var pageSize = 2
        /// Pages after this one fail.
        var pagesMaximum = Int.max
        var subscriptions: [(topic: String, uri: String)] = []
        var isFull = false
        /// Paths and queries, in the order they were called.
        var calls: [String] = []
    }

    final class Holder: Sendable {
        private let state = Mutex(State())

        var now: State { state.withLock { $0 } }
        func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

        func answer(_ request: ScriptedServer.Received) -> ScriptedServer.Reply {
            state.withLock { state in
                state.calls.append(request.target)
                if request.target.hasSuffix("graphql.json") { return RESTShop.graphQL(request, &state) }
                let path = request.target.prefix { $0 != "?" }
                guard path.hasSuffix("/orders.json") else {
                    let id = Int64(path.split(separator: "/").last?.dropLast(5) ?? "") ?? 0
                    guard let order = state.orders[id] else { return .json("{\"errors\":\"Not Found\"}", status: 404) }
                    return .json((try? JSON.text(JSONValue.object(["order": .object(order)]))) ?? "")
                }
                return RESTShop.list(request.target, state)
            }
        }
    }

    static let address = "https://forma3d.example/webhooks/shopify"

    let holder: Holder
    let database: Database
    let client: ShopifyClient
    let orders: OrdersModule
    let inbox: Inbox

    static func with(_ body: (RESTShop) async throws -> Void) async throws {
        let holder = Holder()
        let server = try ScriptedServer { holder.answer($0) }
        let http = HTTPClient(logger: .noWhere)
        do {
            try await withDatabase { database in
                try await body(try await RESTShop(holder, database, url: server.url, http))
            }
        } catch {
            server.stop()
            await http.close()
            throw error
        }
        server.stop()
        await http.close()
    }

    private init(_ holder: Holder, _ database: Database, url: String, _ http: HTTPClient) async throws {
        self.holder = holder
        self.database = database
        let outbox = Outbox(wakeUps: WakeUps())
        let catalogue = Catalogue(database: database, outbox: outbox, identities: .system)
        client = ShopifyClient(
            configuration: ShopifyConfiguration(
                shopDomain: "forma3d.myshopify.com", apiURL: url, accessToken: "token", timeoutSeconds: 10),
            http: http, logger: .noWhere)
        orders = OrdersModule(
            database: database, outbox: outbox, catalog: catalogue, identities: .system, time: .system,
            shopDomain: "forma3d.myshopify.com", webhookSecrets: ["secret"],
            watch: .init(
                client: client, reconcileEverySeconds: 300, webhookAddress: Self.address, logger: .noWhere))
        inbox = Inbox(
            database: database, outbox: outbox, sources: [orders.webhookSource], identities: .system,
            retentionDays: 90, dedupeHours: 24, logger: .noWhere)
        _ = try await catalogue.create(
            .init(
                sku: "CLIP-1", shopifyProductID: nil, shopifyVariantID: 77, productName: "Clip", weightGrams: 40,
                defaultPrintProfile: nil, isActive: true,
                parts: [
                    .init(
                        partName: "Clip", partNumber: 1, simplyPrintFileID: String(repeating: "0a", count: 16),
                        quantityPerProduct: 1, printProfile: nil)
                ]))
    }

    /// One job of the module, first half and commit.
    func run(_ kind: JobKind) async throws {
        let registration = try #require(orders.registrations.first { $0.kind == kind })
        let commit = try await registration.handle(Self.job(kind, "{}"))
        try await database.transaction { try await commit?($0) }
    }

    /// Everything in the inbox that waits, as its job would.
    func process() async throws {
        let registration = try #require(inbox.registrations.first { $0.kind == "inbox.process" })
        var search = Inbox.Search(limit: 200)
        search.state = .received
        for delivery in try await inbox.deliveries(search).reversed() {
            let payload = try JSON.text(["webhook": delivery.id.description])
            let commit = try await registration.handle(Self.job("inbox.process", payload))
            try await database.transaction { try await commit?($0) }
        }
    }

    private static func job(_ kind: JobKind, _ payload: String) -> Job {
        Job(id: 1, kind: kind, payload: payload, subject: nil, fence: 1, claims: 1, correlationID: .make(.system))
    }

    /// The shop touched this order then, so many seconds from the database's now.
    func touch(_ id: Int64, secondsAgo: Double, _ changes: [String: JSONValue] = [:]) async throws {
        let now: Date = try await database.query("SELECT jobs.clock() AS now")[0]("now")
        let at = Timestamp.format(now.addingTimeInterval(-secondsAgo))
        holder.change { state in
            var order = (state.orders[id] ?? OrderBody.order).merging(changes) { $1 }
            order["id"] = .integer(id)
            order["updated_at"] = .string(at)
            state.orders[id] = order
        }
    }

    func moveClock(bySeconds seconds: Double) async throws {
        try await database.execute("UPDATE jobs.clock_shift SET shift = shift + make_interval(secs => \(seconds))")
    }

    func view(_ id: Int64) async throws -> OrderView? {
        try await orders.contract.orders(OrderSearch(shopifyOrderID: id)).first
    }

    var bodyCalls: Int { holder.now.calls.count { !$0.contains("/orders.json") && $0.contains("/orders/") } }

    // MARK: The far side

    private static func list(_ target: String, _ state: State) -> ScriptedServer.Reply {
        func parameter(_ name: String) -> String? {
            target.split(whereSeparator: { $0 == "?" || $0 == "&" }).first { $0.hasPrefix("\(name)=") }
                .map { String($0.dropFirst(name.count + 1)) }
        }
        guard parameter("fields") != nil, parameter("page_info") != nil || parameter("status") == "any" else {
            return .json("{\"errors\":\"Bad Request\"}", status: 400)
        }
        let page = parameter("page_info").flatMap { $0.split(separator: "~").first }.flatMap { Int($0) } ?? 0
        let cursor =
            parameter("page_info")?.split(separator: "~", omittingEmptySubsequences: false).map(String.init) ?? []
        let minimum = parameter("updated_at_min") ?? cursor.dropFirst().first
        let maximum = parameter("updated_at_max") ?? cursor.dropFirst(2).first
        let since = minimum.flatMap(Timestamp.parse) ?? .distantPast
        let until = maximum.flatMap(Timestamp.parse) ?? .distantFuture
        guard page <= state.pagesMaximum else { return .json("{\"errors\":\"Oops\"}", status: 500) }
        let all = state.orders.values.filter { order in
            let touched = order["updated_at"]?.string.flatMap(Timestamp.parse) ?? .distantPast
            return touched >= since && touched <= until
        }.sorted { "\($0["id"] ?? .null)" > "\($1["id"] ?? .null)" }
        let shown = all.dropFirst(page * state.pageSize).prefix(state.pageSize).map { order in
            JSONValue.object(
                order.filter { ["id", "updated_at", "cancelled_at", "financial_status"].contains($0.key) })
        }
        var fields: [String: String] = [:]
        if all.count > (page + 1) * state.pageSize {
            fields["link"] =
                "<https://elsewhere.example/admin/api/2026-07/orders.json?page_info=\(page + 1)~\(minimum ?? "")~\(maximum ?? "")"
                + "&limit=250&fields=id>; rel=\"next\""
        }
        return .json((try? JSON.text(JSONValue.object(["orders": .array(shown)]))) ?? "", fields: fields)
    }

    private static func graphQL(
        _ request: ScriptedServer.Received, _ state: inout State
    ) -> ScriptedServer.Reply {
        let body = try? JSON.decode(JSONValue.self, from: request.body)
        guard body?["query"]?.string?.contains("webhookSubscriptionCreate") == true else {
            let nodes = state.subscriptions.map {
                "{\"id\":\"gid://x/1\",\"topic\":\"\($0.topic)\",\"uri\":\"\($0.uri)\"}"
            }
            return .json("{\"data\":{\"webhookSubscriptions\":{\"nodes\":[\(nodes.joined(separator: ","))]}}}")
        }
        let topic = body?["variables"]?["topic"]?.string ?? ""
        let uri = body?["variables"]?["subscription"]?["uri"]?.string ?? ""
        func answer(_ subscription: String, _ error: String?) -> ScriptedServer.Reply {
            let errors =
                error.map { "{\"field\":[\"webhookSubscription\",\"callbackUrl\"],\"message\":\"\($0)\"}" } ?? ""
            return .json(
                "{\"data\":{\"webhookSubscriptionCreate\":{\"webhookSubscription\":\(subscription),"
                    + "\"userErrors\":[\(errors)]}}}")
        }
        if state.isFull { return answer("null", "Address protocol http:// is not supported") }
        if state.subscriptions.contains(where: { $0.topic == topic && $0.uri == uri }) {
            return answer("null", "Address for this topic has already been taken")
        }
        state.subscriptions.append((topic, uri))
        return answer("{\"id\":\"gid://shopify/WebhookSubscription/1\"}", nil)
    }
}
