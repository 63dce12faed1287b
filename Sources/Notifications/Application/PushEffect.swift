import Cryptography
import FoundationEssentials
package import HTTPClient
import HTTPWire
import Jobs
package import Kernel
package import Logging

/// A push message to one browser (RFC 8030, RFC 8291, RFC 8292): like a mail, at most once.
package struct PushEffect: OnceOnlyVendor {
    package static let kind = "push"

    /// What the service worker shows.
    package struct Request: Codable, Hashable, Sendable {
        package let title: String
        package let body: String
        package let url: String
        /// Notifications of one tag replace one another in the browser.
        package let tag: String
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package let status: Int
    }

    /// How long the push service keeps it for a browser that is away; later the news is old.
    package static let keptSeconds = 86_400
    /// RFC 8292 §2 allows 24 hours.
    static let tokenSeconds = 12 * 3_600.0
    static let answerBytesMaximum = 64 * 1_024
    static let vendor = "push"

    private let identity: PushIdentity
    private let subscription: PushSubscription
    private let http: HTTPClient
    private let line: VendorLine
    private let time: Time
    package let callTimeoutSeconds: Double

    package init(
        identity: PushIdentity, subscription: PushSubscription, http: HTTPClient, callTimeoutSeconds: Double,
        time: Time,
        logger: Logger
    ) {
        self.identity = identity
        self.subscription = subscription
        self.http = http
        line = VendorLine(vendor: Self.vendor, http: http, logger: logger)
        self.callTimeoutSeconds = callTimeoutSeconds
        self.time = time
    }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        let outgoing = try outgoing(request, reference: reference)
        do {
            let status = try await line.call("send", outgoing) { answer throws(VendorFailure) in
                guard (200..<300).contains(answer.status) else { throw Self.failure(of: answer) }
                return answer.status
            }
            return Receipt(status: status)
        } catch {
            throw EffectSendFailure(error.mayHaveHappened ? .unknown : .notMade, cause: error)
        }
    }

    private func outgoing(_ request: Request, reference: String) throws -> HTTPClientRequest {
        let text = try JSON.encode(request)
        guard let endpoint = PushEndpoint(subscription.endpoint, allowsPlainHTTP: identity.allowsLocalServices),
            let key = Base64URL.decode(subscription.key).flatMap(P256.PublicKey.init),
            let authentication = Base64URL.decode(subscription.authentication),
            let receiver = WebPushMessage.Receiver(key: key, authentication: authentication),
            text.count <= WebPushMessage.textBytesMaximum
        else {
            throw EffectSendFailure(
                .notMade, cause: JobFailure.rejected("No push message can be made of this notice."))
        }
        return HTTPClientRequest(
            method: .post, url: endpoint.url,
            fields: [
                "content-type": "application/octet-stream", "content-encoding": "aes128gcm",
                "ttl": "\(Self.keptSeconds)", "urgency": "high",
                // RFC 8030 §5.4: of two with one topic that still wait, the browser gets the last.
                "topic": String(reference.filter { $0 != "-" }.prefix(32)),
                "authorization": try identity.authorization(for: endpoint, now: time.now()),
            ],
            body: WebPushMessage.seal(text, for: receiver), timeoutSeconds: callTimeoutSeconds,
            responseLimitBytes: Self.answerBytesMaximum, neverResend: true,
            publicAddressesOnly: !identity.allowsLocalServices)
    }

    /// RFC 8030 §7.3: 404 and 410 end a subscription. §8.4: 429 asks to come later, and so does 503. Any other 5xx may
    /// come from a proxy behind which the message was taken: that is not known.
    static func failure(of answer: VendorAnswer) -> VendorFailure {
        switch answer.status {
        case 429, 503:
            answer.failure(
                .rateLimited, "\(answer.status): the push service asks to come later", mayHaveHappened: false,
                retryAfterSeconds: answer.retryAfterSeconds)
        case 404, 410: answer.failure(.notFound, "the browser has unsubscribed", mayHaveHappened: false)
        case 400, 413, 415, 422:
            answer.failure(.rejected, "\(answer.status): the push service refused it", mayHaveHappened: false)
        default: answer.failureOfStatus(text: nil)
        }
    }
}

/// Who we are to push services (RFC 8292, VAPID).
package struct PushIdentity: Sendable {
    private let key: P256.PrivateKey
    private let contact: String
    /// Development only: plain http and private addresses, for the push service of the sandbox.
    package let allowsLocalServices: Bool

    /// - Parameters:
    ///   - key: base64url of the 32 bytes of the private key.
    ///   - contact: `mailto:` or `https:`, whom a push service can ask.
    /// - Returns: nil when it is no key.
    package init?(key: String, contact: String, allowsLocalServices: Bool) {
        guard let key = Base64URL.decode(key).flatMap(P256.PrivateKey.init) else { return nil }
        self.key = key
        self.contact = contact
        self.allowsLocalServices = allowsLocalServices
    }

    /// What a browser subscribes with, `applicationServerKey`.
    package var publicKey: String { Base64URL.encode(key.publicKey.bytes) }

    private struct Claims: Encodable {
        let aud: String
        let exp: Int
        let sub: String
    }

    func authorization(for endpoint: PushEndpoint, now: Date) throws -> String {
        let claims = Claims(
            aud: endpoint.origin, exp: Int(now.timeIntervalSince1970 + PushEffect.tokenSeconds), sub: contact)
        return "vapid t=\(SignedToken.make(claims: try JSON.encode(claims), key: key)), k=\(publicKey)"
    }
}
