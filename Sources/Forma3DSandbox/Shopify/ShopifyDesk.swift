import Cryptography
import FoundationEssentials
import HTTPWire
import Kernel

/// The shop behind its actor: requests in, webhooks out.
actor ShopifyDesk: VendorDesk {
    nonisolated let vendor = Vendor.shopify
    private let options: SandboxOptions
    private let clock: SandboxClock
    private let post: @Sendable ([HookPost.Letter]) async -> Void
    private let identities: Identities
    private(set) var shop: ShopifyShop
    private var tokens: ShopTokens
    private var restBucket: CostBucket

    init(
        options: SandboxOptions, clock: SandboxClock, identities: Identities = .system,
        post: @escaping @Sendable ([HookPost.Letter]) async -> Void
    ) {
        self.options = options
        self.clock = clock
        self.post = post
        self.identities = identities
        shop = Self.newShop(options, clock.pace, identities)
        tokens = ShopTokens(identities: identities)
        restBucket = Self.newRESTBucket(clock.pace)
    }

    /// As with GraphQL's points: a shop in a hurry is an Enterprise one.
    private static func newRESTBucket(_ pace: Pace) -> CostBucket {
        let isInstant = pace.factor >= Pace.nearlyInstantFactor
        return CostBucket(maximum: isInstant ? 4_000 : 40, restorePerSecond: isInstant ? 200 : 2)
    }

    private static func newShop(_ options: SandboxOptions, _ pace: Pace, _ identities: Identities) -> ShopifyShop {
        var settings = ShopifySettings()
        settings.targetURI = options.hookURL(.shopify) ?? ""
        // A shop that is asked for thousands of orders a minute is an Enterprise one.
        if pace.factor >= Pace.nearlyInstantFactor {
            settings.bucketPoints = 1_000_000
            settings.restorePointsPerSecond = 1_000_000
        }
        return ShopifyShop(settings: settings, pace: pace, identities: identities)
    }

    // MARK: Requests

    /// Every field a GraphQL document names, so that `fulfillmentOrders` means the query that reads them.
    nonisolated func calls(of request: VendorRequest) -> [String] {
        guard request.segments.last == "graphql.json" else { return ["rest", request.segments.joined(separator: "/")] }
        let text = request.bodyNode?["query"]?.string ?? ""
        guard let document = try? GraphQLParser.document(text) else { return ["graphql"] }
        let selections = document.operations.map(\.selections) + document.fragments.values.map(\.selections)
        return ["graphql"] + selections.flatMap { Self.names($0) }
    }

    private static func names(_ selections: [GraphQLSelection]) -> [String] {
        selections.flatMap { selection -> [String] in
            switch selection {
            case .field(let field): [field.name] + names(field.selections)
            case .inline(_, _, let inner, _): names(inner)
            case .spread: []
            }
        }
    }

    func respond(to request: VendorRequest) async -> HTTPResponse {
        let now = clock.now()
        shop.advance(to: now)
        let response = answer(request, at: now)
        await sendHooks()
        return response
    }

    private func answer(_ request: VendorRequest, at now: Date) -> HTTPResponse {
        if request.segments == ["admin", "oauth", "access_token"], request.method == .post {
            let outcome = tokens.answer(request.bodyNode ?? [:], scopes: shop.settings.scopes, at: now)
            return .json(outcome.body, status: outcome.status)
        }
        if request.segments == ["admin", "oauth", "authorize"] { return authorize(request) }
        guard request.segments.count >= 4, request.segments[0] == "admin", request.segments[1] == "api",
            isVersion(request.segments[2])
        else { return .json(["errors": "Not Found"], status: 404, fields: common(nil)) }
        let version = shop.settings.answeredVersion ?? request.segments[2]
        guard tokens.accepts(request.fields["x-shopify-access-token"], at: now) else {
            return .json(refusal(request, status: 401), status: 401, fields: common(version))
        }
        if request.segments[3] == "graphql.json", request.segments.count == 4 {
            guard request.method == .post else {
                return .json(["errors": "Not Found"], status: 404, fields: common(version))
            }
            let reply = shop.answer(graphQL: request.bodyNode, at: now)
            return .json(reply, fields: common(version))
        }
        return rest(request, version: version, at: now)
    }

    private func isVersion(_ text: String) -> Bool {
        if text == "unstable" { return true }
        let parts = text.split(separator: "-")
        return parts.count == 2 && parts[0].count == 4 && ["01", "04", "07", "10"].contains(parts[1])
            && Int64(wireDigits: parts[0]) != nil
    }

    private func rest(_ request: VendorRequest, version: String, at now: Date) -> HTTPResponse {
        let left = restBucket.refill(at: now)
        guard left >= 1 else {
            return .json(refusal(request, status: 429), status: 429, fields: ["retry-after": "2.0"])
        }
        restBucket.spend(1)
        var fields = common(version)
        fields["x-shopify-shop-api-call-limit"] = "\(Int(restBucket.maximum) - left + 1)/\(Int(restBucket.maximum))"
        let outcome = shop.answer(rest: request, below: "\(options.publicURL)/shopify", at: now)
        if let link = outcome.link { fields["link"] = link }
        return .json(outcome.body, status: outcome.status, fields: fields)
    }

    private func authorize(_ request: VendorRequest) -> HTTPResponse {
        guard let target = request.parameter("redirect_uri"), target.hasPrefix("http") else {
            return .json(["error": "invalid_request"], status: 400)
        }
        let stamp = String(Int64(clock.now().timeIntervalSince1970))
        let pairs = [
            "code=\(tokens.code())", "shop=\(SandboxCredentials.shopDomain)",
            "state=\(request.parameter("state") ?? "")", "timestamp=\(stamp)",
        ]
        let signed = Array(pairs.joined(separator: "&").utf8)
        let key = Array(SandboxCredentials.shopSecret.utf8)
        let code = Hex.encode(HMACSHA256.authenticationCode(for: signed, key: key))
        let location = "\(target)?\((pairs + ["hmac=\(code)"]).joined(separator: "&"))"
        return HTTPResponse(status: 302, fields: ["location": location])
    }

    private func common(_ version: String?) -> HTTPFields {
        var fields: HTTPFields = ["x-request-id": identities.uuid().uuidString.lowercased()]
        fields["x-shopify-api-version"] = version
        return fields
    }

    func throttled(_ request: VendorRequest, retryAfter: String?) async -> HTTPResponse {
        guard request.segments.last == "graphql.json" else {
            return .json(
                refusal(request, status: 429), status: 429, fields: ["retry-after": retryAfter ?? "2.0"])
        }
        let reply = shop.answer(graphQL: request.bodyNode, forceThrottle: true, at: clock.now())
        return .json(reply, fields: common("2026-07"))
    }

    nonisolated func refusal(_ request: VendorRequest, status: Int) -> JSONNode {
        let words =
            switch status {
            case 401: "[API] Invalid API key or access token (unrecognized login or wrong password)"
            case 402: "Unavailable Shop"
            case 404: "Not Found"
            case 423: "Locked"
            case 429:
                "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."
            default: HTTPStatus(status).reason
            }
        return ["errors": .string(words)]
    }

    // MARK: Control

    /// Places an order from a short form or a whole body.
    /// - Parameters:
    ///   - topics: instead of those the order's state calls for.
    ///   - deliver: overrides the form's own.
    /// - Throws: `Problem`.
    func place(_ bytes: [UInt8], topics: [String]?, deliver: Bool?) async throws -> (id: Int64, name: String) {
        guard let node = JSONNode.parse(bytes), node.members != nil else {
            throw Problem.malformed("The body is not a JSON object.")
        }
        let now = clock.now()
        let outcome: (id: Int64, name: String)
        if node["line_items"] != nil {
            let isPaid = ["paid", "partially_refunded"].contains(node["financial_status"]?.string ?? "")
            let wanted = topics ?? (isPaid ? ["orders/create", "orders/paid"] : ["orders/create"])
            outcome = shop.place(node, bytes: bytes, topics: deliver == false ? [] : wanted, at: now)
        } else {
            let id = shop.nextID("order", base: 6_198_424_240_428)
            let number = shop.nextNumber("order name") + 1_000
            let order: JSONNode
            do {
                order = try OrderFactory.order(from: node, id: id, number: number, at: now)
            } catch {
                throw Problem.invalid(error.fields)
            }
            let isDelivered = deliver ?? node["deliver"]?.bool ?? true
            let wanted = topics ?? ["orders/create", "orders/paid"]
            outcome = shop.place(
                order, bytes: order.bytes(.shopify), topics: isDelivered ? wanted : [], at: now)
        }
        shop.advance(to: now)
        await sendHooks()
        return outcome
    }

    /// One change of the shop by the control surface, its webhooks sent.
    func change<Value: Sendable>(_ body: @Sendable (inout ShopifyShop, Date) -> Value) async -> Value {
        let now = clock.now()
        shop.advance(to: now)
        let value = body(&shop, now)
        await sendHooks()
        return value
    }

    func expireTokens(includingStatic: Bool) {
        tokens.expireAll()
        tokens.staticTokenIsRevoked = includingStatic
    }

    var ledger: JSONNode {
        [
            "fulfillments": .array(
                shop.fulfilmentSequence.compactMap { shop.fulfilments[$0] }.map { fulfilment in
                    [
                        "id": .string(String(fulfilment.id)), "orderId": .string(String(fulfilment.orderID)),
                        "trackingNumber": .text(fulfilment.tracking.first?.number),
                        "notifyCustomer": .bool(fulfilment.notifyCustomer),
                        "cancelled": .bool(fulfilment.isCancelled),
                    ]
                }),
            "orders": .array(
                shop.orderSequence.compactMap { shop.orders[$0] }.map { order in
                    [
                        "id": .string(String(order.id)), "name": .string(order.name),
                        "displayFulfillmentStatus": .string(shop.displayFulfilmentStatus(of: order.id)),
                    ]
                }),
        ]
    }

    func advance() async -> Date? {
        shop.advance(to: clock.now())
        await sendHooks()
        return shop.nextDue
    }

    func setPace(_ pace: Pace) { shop.pace = pace }

    func reset() {
        shop = Self.newShop(options, clock.pace, identities)
        tokens = ShopTokens(identities: identities)
        restBucket = Self.newRESTBucket(clock.pace)
    }

    func apply(_ patch: JSONNode) -> [String] {
        let bad = shop.settings.apply(patch)
        if patch["bucketPoints"] != nil || patch["restorePointsPerSecond"] != nil {
            shop.bucket = CostBucket(
                maximum: shop.settings.bucketPoints, restorePerSecond: shop.settings.restorePointsPerSecond)
        }
        return bad
    }

    var settingsNode: JSONNode { shop.settings.node }

    func noteDelivery(to id: Int64, succeeded: Bool) { shop.noteDelivery(to: id, succeeded: succeeded) }

    // MARK: Webhooks

    private func sendHooks() async {
        let letters = shop.takeOutgoing().compactMap { letter(for: $0) }
        await post(letters)
    }

    private func letter(for hook: ShopifyShop.Hook) -> HookPost.Letter? {
        guard let url = hook.subscription?.uri ?? options.hookURL(.shopify) else { return nil }
        let secret = shop.settings.signingSecret ?? SandboxCredentials.shopSecret
        let code = HMACSHA256.authenticationCode(for: hook.body, key: Array(secret.utf8))
        var fields: HTTPFields = [
            "content-type": "application/json", "user-agent": "Shopify-Captain-Hook", "accept": "*/*",
            "x-shopify-topic": hook.topic, "x-shopify-hmac-sha256": Base64.encode(code),
            "x-shopify-shop-domain": SandboxCredentials.shopDomain,
            "x-shopify-api-version": shop.settings.webhookVersion,
            "x-shopify-webhook-id": identities.uuid().uuidString.lowercased(), "x-shopify-event-id": hook.eventID,
            "x-shopify-triggered-at": VendorTime.nanoseconds(
                clock.now(), fraction: UInt32.random(in: 100_000...999_999)),
        ]
        if let name = hook.subscription?.name { fields["x-shopify-name"] = name }
        if shop.settings.testHeader { fields["x-shopify-test"] = "true" }
        return HookPost.Letter(
            vendor: .shopify, topic: hook.topic, url: url, fields: fields, body: hook.body, rule: .shopify,
            subscriptionID: hook.subscription?.id, signatureField: "x-shopify-hmac-sha256")
    }
}
