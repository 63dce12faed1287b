import HTTPWire
import Kernel
import Metrics
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

    private static func count(_ reason: String) {
        Counter(label: "gridflock_storefront_refusals_total", dimensions: [("reason", reason)]).increment()
    }

    /// The signature first: who cannot sign must not use up what customers may ask.
    /// - Throws: `Problem` 401 and 429.
    package func admit(_ call: Call) throws {
        if let reason = judge(QueryString.pairs(of: call.request.query)) {
            onRefusal(reason)
            Self.count("unsigned")
            throw Problem.unauthorized("This address answers to the shop's App Proxy.")
        }
        let client = Self.client(call.request)
        guard let wait = limiter.withLock({ $0.take(client, at: seconds()) }) else { return }
        Self.count("too-many")
        throw Problem(
            code: "too-many-requests", status: 429, detail: "These are too many requests; try again later.",
            retryAfterSeconds: wait)
    }

    /// Shopify names the visitor in `X-Forwarded-For`; our own proxies put Shopify's address behind it, which is the
    /// client's as the server sees it. The signature says that Shopify sent the request, so the hop before that is the
    /// visitor; what stands left of it the visitor may have made up. Without a proxy of ours it is the last hop.
    ///
    /// The holder of an IPv6 network has 2^64 addresses, so the network counts (RFC 6177).
    private static func client(_ request: HTTPRequest) -> String {
        let own = request.clientAddress.flatMap { NetworkAddress($0) }
        let hops = request.fields.values("x-forwarded-for").flatMap {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }.suffix(hopsMaximum).map(address)
        let end = own.flatMap { own in hops.lastIndex { $0 == own } } ?? hops.endIndex
        guard end > hops.startIndex, let visitor = hops[end - 1] else { return own.map(share) ?? "here" }
        return share(visitor)
    }

    /// Behind the visitor stand Shopify and our own proxies; thousands before it are made up, and not worth reading.
    private static let hopsMaximum = 16

    private static func share(_ address: NetworkAddress) -> String {
        address.isVersion4 ? address.description : address.network64.description
    }

    /// Bare, or as some proxies write it, with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func address(_ hop: Substring) -> NetworkAddress? {
        let text = hop.filter { $0 != " " && $0 != "\t" }
        if let address = NetworkAddress(text) { return address }
        if text.first == "[" { return NetworkAddress(text.dropFirst().prefix { $0 != "]" }) }
        return NetworkAddress(text.prefix { $0 != ":" })
    }
}
