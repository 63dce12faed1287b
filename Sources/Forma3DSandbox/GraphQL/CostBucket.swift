import FoundationEssentials

/// The leaky bucket of one app at one shop (recorded 2026: 2000 points, 100 back a second).
struct CostBucket: Sendable {
    var maximum = 2_000.0
    var restorePerSecond = 100.0
    private var available = 2_000.0
    private var updatedAt: Date?

    init(maximum: Double = 2_000, restorePerSecond: Double = 100) {
        self.maximum = maximum
        self.restorePerSecond = restorePerSecond
        available = maximum
    }

    /// Fills up to now and says what is there.
    mutating func refill(at now: Date) -> Int {
        if let updatedAt {
            available = min(maximum, available + max(0, now.timeIntervalSince(updatedAt)) * restorePerSecond)
        }
        updatedAt = now
        return Int(available)
    }

    mutating func spend(_ points: Int) {
        available = max(0, available - Double(points))
    }

    /// `extensions.cost` of an answer.
    func report(requested: Int, actual: Int?) -> JSONNode {
        [
            "cost": [
                "requestedQueryCost": .integer(requested),
                "actualQueryCost": actual.map { .integer($0) } ?? .null,
                "throttleStatus": [
                    "maximumAvailable": .decimal(maximum), "currentlyAvailable": .integer(Int(available)),
                    "restoreRate": .decimal(restorePerSecond),
                ],
            ]
        ]
    }
}
