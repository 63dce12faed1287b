import Cryptography
import FoundationEssentials
import HTTPWire
import Kernel

/// The parcel office behind its actor: requests in, webhooks out.
actor ParcelDesk: VendorDesk {
    nonisolated let vendor = Vendor.sendcloud
    private let options: SandboxOptions
    private let clock: SandboxClock
    private let identities: Identities
    private let post: @Sendable ([HookPost.Letter]) async -> Void
    private(set) var office: ParcelOffice

    init(
        options: SandboxOptions, clock: SandboxClock, identities: Identities = .system,
        post: @escaping @Sendable ([HookPost.Letter]) async -> Void
    ) {
        self.options = options
        self.clock = clock
        self.identities = identities
        self.post = post
        office = Self.newOffice(options, clock.pace, identities)
    }

    private static func newOffice(_ options: SandboxOptions, _ pace: Pace, _ identities: Identities) -> ParcelOffice {
        ParcelOffice(
            settings: ParcelSettings(), pace: pace, publicURL: "\(options.publicURL)/sendcloud/api/v2",
            identities: identities)
    }

    nonisolated func calls(of request: VendorRequest) -> [String] {
        let name =
            switch (request.method, request.segments.first ?? "", request.segments.count) {
            case (.post, "parcels", 1): "createParcel"
            case (.put, "parcels", 1): "updateParcel"
            case (.get, "parcels", 1): "getParcels"
            case (.get, "parcels", 2): request.segments[1] == "statuses" ? "statuses" : "getParcel"
            case (.post, "parcels", 3): "cancelParcel"
            case (.get, "parcels", 4), (_, "label", _), (_, "labels", _): "label"
            case (_, "shipping_methods", _): "shippingMethods"
            case (_, "user", 1): "user"
            case (_, "user", _): "senderAddresses"
            case (_, "tracking", _): "tracking"
            case (_, "integrations", _): "integrations"
            default: "unknown"
            }
        return [name]
    }

    func respond(to request: VendorRequest) async -> HTTPResponse {
        let credentials = "\(SandboxCredentials.parcelPublicKey):\(SandboxCredentials.parcelSecretKey)"
        let expected = "Basic \(Base64.encode(Array(credentials.utf8)))"
        guard request.fields["authorization"] == expected else {
            var response = HTTPResponse.json(refusal(request, status: 401), status: 401)
            response.fields["www-authenticate"] = "Basic realm=\"api\""
            return response
        }
        let now = clock.now()
        office.advance(to: now)
        let response = office.answer(request, at: now)
        await sendHooks()
        return response
    }

    func throttled(_ request: VendorRequest, retryAfter: String?) -> HTTPResponse {
        var fields: HTTPFields = [:]
        fields["retry-after"] = retryAfter
        return .json(refusal(request, status: 429), status: 429, fields: fields)
    }

    nonisolated func refusal(_ request: VendorRequest, status: Int) -> JSONNode {
        let words =
            switch status {
            case 401: "Invalid username/password."
            case 404: "Not found."
            case 429: "Request was throttled."
            default: HTTPStatus(status).reason
            }
        let path = "api/v2/" + request.segments.joined(separator: "/")
        return ["error": ["message": .string(words), "request": .string(path), "code": .integer(status)]]
    }

    // MARK: Control

    /// One change of the office by the control surface, its webhooks sent.
    func change<Value: Sendable>(_ body: @Sendable (inout ParcelOffice, Date) -> Value) async -> Value {
        let now = clock.now()
        office.advance(to: now)
        let value = body(&office, now)
        await sendHooks()
        return value
    }

    var ledger: JSONNode {
        [
            "parcels": .array(
                office.sequence.compactMap { office.parcels[$0] }.map { parcel in
                    [
                        "id": .string(String(parcel.id)), "externalReference": .text(parcel.externalReference),
                        "orderNumber": .text(parcel.orderNumber), "labelRequested": .bool(parcel.labelRequested),
                        "cancelled": .bool(parcel.isCancelled),
                    ]
                })
        ]
    }

    func advance() async -> Date? {
        office.advance(to: clock.now())
        await sendHooks()
        return office.nextDue
    }

    func setPace(_ pace: Pace) { office.pace = pace }

    func reset() { office = Self.newOffice(options, clock.pace, identities) }

    func apply(_ patch: JSONNode) -> [String] { office.settings.apply(patch) }

    var settingsNode: JSONNode { office.settings.node }

    private func sendHooks() async {
        let key = Array((office.settings.signingSecret ?? SandboxCredentials.parcelHookSecret).utf8)
        let letters = office.takeOutgoing().compactMap { hook -> HookPost.Letter? in
            guard let url = office.webhookURL ?? options.hookURL(.sendcloud) else { return nil }
            let code = HMACSHA256.authenticationCode(for: hook.body, key: key)
            let fields: HTTPFields = [
                "content-type": "application/json", "user-agent": "Sendcloud-Webhooks",
                "sendcloud-signature": Hex.encode(code),
            ]
            return HookPost.Letter(
                vendor: .sendcloud, topic: hook.action, url: url, fields: fields, body: hook.body, rule: .sendcloud,
                signatureField: "sendcloud-signature")
        }
        await post(letters)
    }
}
