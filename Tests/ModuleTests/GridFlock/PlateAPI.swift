import Cryptography
import FoundationEssentials
import GridFlock
import GridGeometry
import HTTPWire
import Kernel
import Postgres
import Routing
import Shopify
import Synchronization
import TestKit

/// The routes of the room as the server runs them, with a shop whose secret is `hush`.
struct PlateAPI: Sendable {
    let room: PlateRoom
    let gateway: Gateway
    let clock = StoppedClock()
    /// Our own, which adds the address of whoever spoke to it.
    static let proxy = "10.0.0.2"
    static let shop = "shop-name.myshopify.com"

    init(
        _ database: Database, limits: GridFlockLimits = GridFlockLimits(), isEnabled: Bool = true,
        bed: Size = Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)),
        priceRule: PriceRule = PriceRule(currency: "EUR", base: 5, perGram: Decimal(4) / 100)
    ) throws {
        room = PlateRoom(database, limits: limits)
        let terms = QuoteTerms(rates: QuoteRates(), printRate: .uncalibrated, priceRule: priceRule)
        let rates = MinuteRates(
            estimate: terms.printRate, load: { try await Slices.calibrating(terms.rates, in: database) })
        let quotes = Quotes(
            workbench: .here, bed: bed, terms: terms, rates: rates,
            digest: { PlateRoom.hexadecimal(SHA256.digest($0)) }, time: .system)
        let clock = clock
        let gate = StorefrontGate(
            limits: limits,
            judge: { query in
                let verdict = ShopifyAppProxy.judge(
                    query: query, secrets: ["hush"], shopDomain: Self.shop,
                    now: Date(timeIntervalSince1970: clock.seconds))
                guard case .refused(let reason) = verdict else { return nil }
                return reason
            }, seconds: { clock.seconds }, onRefusal: { _ in })
        let module = GridFlockModule(
            designs: room.designs, quoting: quotes,
            slices: Slices(
                database: database, designs: room.designs, rates: rates, identities: .system,
                material: terms.rates.materialName),
            storefront: .init(gate: gate, proxyParameters: ShopifyAppProxy.parameters), isEnabled: isEnabled)
        var edge = EdgePolicy()
        edge.trustedProxies = try TrustedProxies(parsing: "private", field: "TRUSTED_PROXIES")
        gateway = try Gateway(
            routes: module.routes, edge: edge, authenticate: { _, _ in }, onError: { _, _, _ in })
    }

    static func with(
        _ limits: GridFlockLimits = GridFlockLimits(), isEnabled: Bool = true, _ body: (PlateAPI) async throws -> Void
    ) async throws {
        try await withDatabase { try await body(PlateAPI($0, limits: limits, isEnabled: isEnabled)) }
    }

    static func with(priceRule: PriceRule, _ body: (PlateAPI) async throws -> Void) async throws {
        try await withDatabase { try await body(PlateAPI($0, priceRule: priceRule)) }
    }

    static func with(bedMillimetres: Double, _ body: (PlateAPI) async throws -> Void) async throws {
        let side = Length(millimetres: bedMillimetres)
        try await withDatabase { try await body(PlateAPI($0, bed: Size(width: side, depth: side))) }
    }

    struct Answer: Sendable {
        let status: Int
        let fields: HTTPFields
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: JSONValue { (try? JSON.decode(JSONValue.self, from: bytes)) ?? .null }
    }

    func send(
        _ method: HTTPMethod, _ target: String, _ body: String? = nil, fields: HTTPFields = [:]
    ) async throws -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1)
        var fields = fields
        if body != nil { fields["content-type"] = "application/json" }
        let answer = await gateway.respond(
            to: HTTPRequest(
                method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, fields: fields,
                body: body.map { .bytes(Array($0.utf8)) } ?? .empty, peerAddress: Self.proxy))
        return Answer(status: answer.status.code, fields: answer.fields, bytes: answer.bodyBytes ?? [])
    }

    /// As Shopify passes it on.
    func signed(_ path: String, _ parameters: [(String, String)] = [], secret: String = "hush") -> String {
        let all =
            parameters + [
                ("shop", Self.shop), ("logged_in_customer_id", ""), ("path_prefix", "/apps/plates"),
                ("timestamp", String(Int(clock.seconds))),
            ]
        let message = all.map { "\($0.0)=\($0.1)" }.sorted().joined()
        let signature = HMACSHA256.authenticationCode(for: Array(message.utf8), key: Array(secret.utf8))
        let query = (all + [("signature", PlateRoom.hexadecimal(signature))]).map { "\($0.0)=\($0.1)" }
        return path + "?" + query.joined(separator: "&")
    }
}

/// A clock that goes on when a test says so.
final class StoppedClock: Sendable {
    private let now = Mutex(1_317_327_555.0)
    var seconds: Double { now.withLock { $0 } }
    func pass(_ seconds: Double) { now.withLock { $0 += seconds } }
}
