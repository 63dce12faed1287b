import Cryptography
import FoundationEssentials
import HTTPWire
import Kernel
import Routing

/// A browser's push service with its browsers (RFC 8030): every message is decrypted with the browser's own keys, and
/// its sender's token is checked, so that what the ledger shows is what a browser would show.
actor PushOffice: VendorDesk {
    nonisolated let vendor = Vendor.push
    static let messagesMaximum = 100_000
    /// RFC 8292 §2.
    static let tokenSecondsMaximum = 24 * 3_600.0

    private struct Browser {
        let key: P256.PrivateKey
        let authentication: [UInt8]
        var isGone = false
    }

    private struct Message {
        let id: Int
        let browser: String
        let topic: String?
        let text: String
    }

    private let options: SandboxOptions
    private let clock: SandboxClock
    private var browsers: [String: Browser] = [:]
    private var messages: [Message] = []

    init(options: SandboxOptions, clock: SandboxClock) {
        self.options = options
        self.clock = clock
    }

    nonisolated func calls(of request: VendorRequest) -> [String] { ["send"] }

    func respond(to request: VendorRequest) -> HTTPResponse {
        guard request.method == .post, request.segments.count == 1, let browser = browsers[request.segments[0]] else {
            return .json(refusal(request, status: 404), status: 404)
        }
        guard !browser.isGone else { return .json(refusal(request, status: 410), status: 410) }
        guard isSigned(request) else { return .json(refusal(request, status: 403), status: 403) }
        // RFC 8030 §5.2: a message without a time to live is refused.
        guard request.fields["content-encoding"] == "aes128gcm", request.fields["ttl"].flatMap({ Int($0) }) != nil,
            let text = WebPushMessage.open(request.body, key: browser.key, authentication: browser.authentication),
            messages.count < Self.messagesMaximum
        else { return .json(refusal(request, status: 400), status: 400) }
        let id = messages.count + 1
        messages.append(
            Message(
                id: id, browser: request.segments[0], topic: request.fields["topic"],
                text: String(decoding: text, as: UTF8.self)))
        var response = HTTPResponse(status: 201)
        response.fields["location"] = "\(options.publicURL)/push/messages/\(id)"
        return response
    }

    /// RFC 8292 §2 and §3: signed with the key it names, for us, and not for too long.
    private func isSigned(_ request: VendorRequest) -> Bool {
        guard let field = request.fields["authorization"], field.lowercased().hasPrefix("vapid ") else { return false }
        var parameters: [String: String] = [:]
        for part in field.dropFirst(6).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            if pair.count == 2 { parameters[pair[0]] = pair[1] }
        }
        guard let key = parameters["k"].flatMap({ Base64URL.decode($0) }).flatMap({ P256.PublicKey($0) }),
            let claims = parameters["t"].flatMap({ SignedToken.claims(of: $0, key: key) }).flatMap({
                JSONNode.parse($0)
            }),
            claims["aud"]?.string == options.publicURL, let expires = claims["exp"]?.double
        else { return false }
        let now = clock.now().timeIntervalSince1970
        return expires > now && expires <= now + Self.tokenSecondsMaximum && claims["sub"]?.string != nil
    }

    func throttled(_ request: VendorRequest, retryAfter: String?) -> HTTPResponse {
        var fields: HTTPFields = [:]
        fields["retry-after"] = retryAfter
        return .json(refusal(request, status: 429), status: 429, fields: fields)
    }

    nonisolated func refusal(_ request: VendorRequest, status: Int) -> JSONNode {
        ["code": .integer(status), "message": .string(HTTPStatus(status).reason)]
    }

    // MARK: Control

    /// A browser that has subscribed: what its page would send to the server.
    func subscribe() -> JSONNode {
        let key = P256.PrivateKey.make()
        let authentication = RandomBytes.make(count: WebPushMessage.authenticationBytes)
        let id = Hex.encode(RandomBytes.make(count: 16))
        browsers[id] = Browser(key: key, authentication: authentication)
        return [
            "endpoint": .string("\(options.publicURL)/push/\(id)"), "expirationTime": .null,
            "keys": [
                "p256dh": .string(Base64URL.encode(key.publicKey.bytes)),
                "auth": .string(Base64URL.encode(authentication)),
            ],
        ]
    }

    /// Every browser unsubscribes: its messages are answered with 410. - Returns: how many there were.
    func unsubscribeAll() -> Int {
        for id in browsers.keys { browsers[id]?.isGone = true }
        return browsers.count
    }

    var ledger: JSONNode {
        [
            "messages": .array(
                messages.map { message in
                    [
                        "id": .string(String(message.id)), "browser": .string(message.browser),
                        "topic": .text(message.topic), "text": .string(message.text),
                    ]
                })
        ]
    }

    func advance() -> Date? { nil }
    func setPace(_ pace: Pace) {}

    func reset() {
        browsers = [:]
        messages = []
    }

    func apply(_ patch: JSONNode) -> [String] { (patch.members ?? []).map { "push.\($0.name)" } }
    var settingsNode: JSONNode { [:] }
}
