/// Waits until a condition holds, asking again every few milliseconds; fails loudly at the deadline.
///
/// Tests wait for conditions, never for a time (DESIGN §3.9).
package func eventually(
    within limit: Duration = .seconds(40), _ what: String, _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while clock.now < deadline {
        if try await condition() { return }
        try await clock.sleep(for: .milliseconds(5))
    }
    throw DeadlinePassed(what: what, limit: limit)
}

/// A condition that did not come true in time.
package struct DeadlinePassed: Error, CustomStringConvertible {
    package let what: String
    package let limit: Duration

    package var description: String { "not within \(limit): \(what)" }
}
