/// How many requests a client, and all of them together, may make in a minute: token buckets that fill evenly. Pure, and
/// of a fixed size however many clients there are.
package struct RateLimiter: Sendable {
    private struct Bucket: Sendable {
        var tokens: Double
        var filledAt: Double
    }

    /// Clients remembered: some of those who asked longest ago are forgotten, and start with a full bucket. Whoever was
    /// refused for all clients together is not remembered for it: who cannot spend anything takes no room either.
    package static let clientsMaximum = 20_000

    private let perClientPerMinute: Double
    private let totalPerMinute: Double
    private var total: Bucket
    private var clients = Recent<String, Bucket>(countMaximum: clientsMaximum)

    package init(perClientPerMinute: Int, totalPerMinute: Int) {
        self.perClientPerMinute = Double(perClientPerMinute)
        self.totalPerMinute = Double(totalPerMinute)
        total = Bucket(tokens: Double(totalPerMinute), filledAt: 0)
    }

    /// Takes one request of the client.
    /// - Parameter seconds: of a clock that never goes back.
    /// - Returns: nil when it may go on; else the whole seconds after which it may ask again.
    package mutating func take(_ client: String, at seconds: Double) -> Int? {
        var own = Self.filled(
            clients.peek(client) ?? Bucket(tokens: perClientPerMinute, filledAt: seconds), perClientPerMinute, seconds)
        total = Self.filled(total, totalPerMinute, seconds)
        let wait = max(Self.wait(own, perClientPerMinute), Self.wait(total, totalPerMinute))
        if wait == 0 {
            own.tokens -= 1
            total.tokens -= 1
        }
        if wait == 0 || clients.peek(client) != nil { clients.set(client, own) }
        return wait == 0 ? nil : wait
    }

    package var clientCount: Int { clients.count }

    private static func filled(_ bucket: Bucket, _ perMinute: Double, _ seconds: Double) -> Bucket {
        let passed = max(0, seconds - bucket.filledAt)
        return Bucket(tokens: min(perMinute, bucket.tokens + passed * perMinute / 60), filledAt: seconds)
    }

    private static func wait(_ bucket: Bucket, _ perMinute: Double) -> Int {
        // A bucket that filled for exactly as long as told is full enough, however its sum was rounded.
        let missing = 1 - bucket.tokens - 1e-9
        return missing <= 0 ? 0 : max(1, Int((missing * 60 / perMinute).rounded(.up)))
    }
}
