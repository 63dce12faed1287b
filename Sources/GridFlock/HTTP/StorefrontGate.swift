import HTTPWire
import Kernel
package import Routing
import Synchronization

/// Who may ask from the storefront, and how often: a request that came through the shop's App Proxy, within limits.
package final class StorefrontGate: Sendable {
    /// Judges a decoded query; nil is genuine, else a sentence for the log.
    package typealias Judge = @Sendable (_ query: [(name: String, value: String)]) -> String?

    private let judge: Judge
    private let onRefusal: @Sendable (String) -> Void
    private let seconds: @Sendable () -> Double
    private let limiter: Mutex<RateLimiter>

    /// - Parameters:
    ///   - seconds: of a clock that never goes back.
    ///   - onRefusal: gets why, which the caller is not told.
    package init(
        limits: GridFlockLimits, judge: @escaping Judge, seconds: @escaping @Sendable () -> Double,
        onRefusal: @escaping @Sendable (String) -> Void
    ) {
        self.judge = judge
        self.seconds = seconds
        self.onRefusal = onRefusal
        limiter = Mutex(
            RateLimiter(
                perClientPerMinute: limits.storefrontPerClientPerMinute, totalPerMinute: limits.storefrontPerMinute))
    }

    /// The signature first: who cannot sign must not use up what customers may ask.
    /// - Throws: `Problem` 401 and 429.
    package func admit(_ call: Call) throws {
        if let reason = judge(QueryString.pairs(of: call.request.query)) {
            onRefusal(reason)
            throw Problem.unauthorized("This address answers to the shop's App Proxy.")
        }
        let client = Self.client(call.request)
        guard let wait = limiter.withLock({ $0.take(client, at: seconds()) }) else { return }
        throw Problem(
            code: "too-many-requests", status: 429, detail: "These are too many requests; try again later.",
            retryAfterSeconds: wait)
    }

    /// Shopify names the visitor in `X-Forwarded-For`; our own proxy puts Shopify's address behind it. The signature
    /// says that Shopify sent the request, so the address before that of the peer is the visitor's.
    private static func client(_ request: HTTPRequest) -> String {
        let peer = request.clientAddress ?? "here"
        let hops = request.fields.values("x-forwarded-for").flatMap { $0.split(separator: ",") }.map { hop in
            String(hop.filter { $0 != " " && $0 != "\t" }.prefix(addressMaximum))
        }
        guard let last = hops.last(where: { $0 != peer && $0 != request.peerAddress }) else { return peer }
        return last
    }

    /// Characters of an address.
    private static let addressMaximum = 64
}
