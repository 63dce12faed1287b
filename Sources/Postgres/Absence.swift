/// What a pool knows of a database that cannot be reached: it is asked again at growing intervals, by one caller, and
/// everybody else is told at once instead of hammering it or waiting for what will not come.
struct Absence: Sendable {
    static let pauseMinimumSeconds = 0.1
    /// Soon enough that a restarted server is not waited for; seldom enough for one that struggles to its feet.
    static let pauseMaximumSeconds = 2.0

    private(set) var lastError: PostgresError?
    private(set) var nextAttemptNanoseconds: Int64 = 0
    private var failures = 0
    private var isTrying = false

    init() {}

    /// Whether a connection may be tried now; nil: yes, and who asked is the one who tries.
    mutating func refusal(nowNanoseconds now: Int64, randomness: Double) -> PostgresError? {
        guard let lastError else { return nil }
        guard now >= nextAttemptNanoseconds else { return lastError }
        isTrying = true
        postpone(from: now, randomness)
        return nil
    }

    mutating func failed(_ error: PostgresError, nowNanoseconds now: Int64, randomness: Double) {
        let isOneOfSeveral = lastError != nil && now < nextAttemptNanoseconds && failures > 0 && !isTrying
        lastError = error
        isTrying = false
        // Those that were under way together count once.
        guard !isOneOfSeveral else { return }
        failures += 1
        postpone(from: now, randomness)
    }

    mutating func succeeded() { self = Absence() }

    /// - Parameter randomness: 0 to 1; the pause is shortened by up to a half, so that replicas do not come together.
    private mutating func postpone(from now: Int64, _ randomness: Double) {
        var seconds = Self.pauseMinimumSeconds
        for _ in 1..<max(1, min(failures, 10)) { seconds *= 2 }
        seconds = min(seconds, Self.pauseMaximumSeconds) * (1 - randomness / 2)
        nextAttemptNanoseconds = now + Int64(seconds * 1e9)
    }
}
