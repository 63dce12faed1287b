import FoundationEssentials
import HTTPWire
import Kernel

/// The farm behind its actor: requests in, webhooks out.
actor FarmDesk: VendorDesk {
    nonisolated let vendor = Vendor.simplyprint
    private let options: SandboxOptions
    private let clock: SandboxClock
    private let identities: Identities
    private let post: @Sendable ([HookPost.Letter]) async -> Void
    private(set) var farm: PrintFarm
    private var window = RateWindow()

    init(
        options: SandboxOptions, clock: SandboxClock, identities: Identities = .system,
        post: @escaping @Sendable ([HookPost.Letter]) async -> Void
    ) {
        self.options = options
        self.clock = clock
        self.identities = identities
        self.post = post
        farm = Self.newFarm(options, clock.pace, identities)
    }

    private static func newFarm(_ options: SandboxOptions, _ pace: Pace, _ identities: Identities) -> PrintFarm {
        var settings = FarmSettings()
        settings.requestsPerMinute = options.requestsPerMinute
        settings.printers = options.printers ?? (pace.factor >= Pace.nearlyInstantFactor ? 64 : 4)
        return PrintFarm(settings: settings, pace: pace, identities: identities)
    }

    nonisolated func calls(of request: VendorRequest) -> [String] {
        let path = request.segments.dropFirst()
        return [path.joined(separator: "/")] + (path.last.map { [$0] } ?? [])
    }

    func respond(to request: VendorRequest) async -> HTTPResponse {
        await respond(to: request, isFileHost: false)
    }

    func respond(to request: VendorRequest, isFileHost: Bool) async -> HTTPResponse {
        let now = clock.now()
        guard request.fields["x-api-key"] == SandboxCredentials.farmKey else {
            return .json(FarmViews.failure("No API key provided, or not logged in"), status: 401)
        }
        guard request.segments.first == SandboxCredentials.farmCompanyID else {
            return .json(FarmViews.failure("You don't have access to this account"), status: 403)
        }
        guard window.take(limit: farm.settings.requestsPerMinute, atSeconds: clock.realSeconds) else {
            return .json(refusal(request, status: 429), status: 429)
        }
        farm.advance(to: now)
        let inner = VendorRequest(
            method: request.method, segments: Array(request.segments.dropFirst()), query: request.query,
            fields: request.fields, body: request.body, path: request.path)
        let answer = isFileHost ? farm.upload(inner, at: now) : farm.answer(inner, at: now)
        await sendHooks()
        guard let answer else { return .json(FarmViews.failure("Endpoint not found"), status: 404) }
        return .json(answer)
    }

    func throttled(_ request: VendorRequest, retryAfter: String?) -> HTTPResponse {
        var fields: HTTPFields = [:]
        fields["retry-after"] = retryAfter
        return .json(refusal(request, status: 429), status: 429, fields: fields)
    }

    nonisolated func refusal(_ request: VendorRequest, status: Int) -> JSONNode {
        switch status {
        case 200: FarmViews.failure("Something went wrong")
        case 401: FarmViews.failure("No API key provided, or not logged in")
        case 429: FarmViews.failure("Too many requests")
        default: FarmViews.failure(HTTPStatus(status).reason)
        }
    }

    // MARK: Control

    /// One change of the farm by the control surface, its webhooks sent.
    func change<Value: Sendable>(_ body: @Sendable (inout PrintFarm, Date) -> Value) async -> Value {
        let now = clock.now()
        farm.advance(to: now)
        let value = body(&farm, now)
        farm.startPrints(at: now)
        await sendHooks()
        return value
    }

    var ledger: JSONNode {
        [
            "queueItems": .array(
                farm.itemSequence.compactMap { farm.items[$0] }.map { item in
                    [
                        "id": .string(String(item.id)), "reference": .text(item.reference),
                        "fileId": .string(item.fileID), "amount": .integer(item.amount),
                        "deleted": .bool(item.deletedAt != nil),
                    ]
                }),
            "files": .array(
                farm.files.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.map { file in
                    ["id": .string(file.id), "name": .string(file.name), "size": .integer(file.sizeBytes)]
                }),
            "jobs": .array(
                farm.jobSequence.compactMap { farm.jobs[$0] }.map { job in
                    [
                        "id": .string(String(job.id)), "uid": .string(job.uid),
                        "queueItemId": .text(job.queueItemID.map { String($0) }), "reference": .text(job.reference),
                        "state": .string(job.state.rawValue),
                    ]
                }),
        ]
    }

    func advance() async -> Date? {
        farm.advance(to: clock.now())
        await sendHooks()
        return farm.nextDue
    }

    func setPace(_ pace: Pace) { farm.pace = pace }

    func reset() {
        farm = Self.newFarm(options, clock.pace, identities)
        window = RateWindow()
    }

    func apply(_ patch: JSONNode) -> [String] { farm.apply(patch, at: clock.now()) }

    var settingsNode: JSONNode { farm.settings.node }

    private func sendHooks() async {
        let letters = farm.takeOutgoing().compactMap { hook -> HookPost.Letter? in
            guard let url = hook.url ?? options.hookURL(.simplyprint) else { return nil }
            let header = farm.settings.secretHeader.rawValue
            var fields: HTTPFields = ["content-type": "application/json", "user-agent": "SimplyPrint-Webhook/1.0"]
            fields[header] = hook.secret
            return HookPost.Letter(
                vendor: .simplyprint, topic: hook.event, url: url, fields: fields, body: hook.body,
                rule: .simplyPrint, signatureField: header)
        }
        await post(letters)
    }
}
