/// So many calls in any sixty seconds of real time, whatever the pace of the farm.
struct RateWindow: Sendable {
    static let windowSeconds = 60.0

    private var calls: [Double] = []
    private var first = 0

    /// Takes one call. - Returns: false when there have been `limit` in the last minute; refused ones do not count.
    mutating func take(limit: Int, atSeconds now: Double) -> Bool {
        guard limit > 0 else { return true }
        while first < calls.count, calls[first] <= now - Self.windowSeconds { first += 1 }
        if first > 1_024 {
            calls.removeFirst(first)
            first = 0
        }
        guard calls.count - first < limit else { return false }
        calls.append(now)
        return true
    }
}
