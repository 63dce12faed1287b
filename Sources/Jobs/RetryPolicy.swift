package import Kernel

/// What a failure leads to: pure, so that the whole table is tested without a queue (ADR-021, DESIGN §3.2).
package struct RetryPolicy: Sendable {
    package enum Decision: Hashable, Sendable {
        /// Spends one try.
        case retryAfterWrong(seconds: Double)
        /// Spends time only.
        case retryNotNow(seconds: Double)
        case dead(reason: String)

        var isDead: Bool { if case .dead = self { true } else { false } }
    }

    /// What the job has behind it.
    package struct History: Hashable, Sendable {
        /// Answers of "wrong" so far, without this one.
        package var wrongCount: Int
        /// Answers of "not now" in a row so far, without this one.
        package var notNowCount: Int
        /// Since the first of them; nil when this is the first.
        package var notNowSeconds: Double?

        package init(wrongCount: Int = 0, notNowCount: Int = 0, notNowSeconds: Double? = nil) {
            self.wrongCount = wrongCount
            self.notNowCount = notNowCount
            self.notNowSeconds = notNowSeconds
        }
    }

    private let settings: JobSettings

    package init(_ settings: JobSettings) {
        self.settings = settings
    }

    /// - Parameter jitter: -1 to 1, drawn by the caller.
    package func decide(_ verdict: RetryVerdict, message: String, history: History, jitter: Double) -> Decision {
        switch verdict {
        case .rejected:
            return .dead(reason: message)
        case .wrong:
            guard history.wrongCount < settings.retriesMaximum else {
                return .dead(reason: "\(message) (gave up after \(history.wrongCount + 1) tries)")
            }
            return .retryAfterWrong(seconds: backoffSeconds(after: history.wrongCount, jitter: jitter))
        case .notNow(let retryAfterSeconds):
            if let waited = history.notNowSeconds, waited > settings.notNowLimitSeconds {
                return .dead(reason: "\(message) (not possible for \(Self.inWords(seconds: waited)))")
            }
            guard let wanted = retryAfterSeconds, wanted.isFinite else {
                return .retryNotNow(seconds: backoffSeconds(after: history.notNowCount, jitter: jitter))
            }
            // Never earlier than asked for, so jitter only adds; a nonsense figure cannot park the job for a year.
            let seconds = min(max(wanted, 0), settings.notNowLimitSeconds)
            return .retryNotNow(seconds: seconds * (1 + abs(jitter) * settings.jitterPercent / 100))
        }
    }

    /// Initial × multiplier^failures, capped, then spread by the jitter.
    package func backoffSeconds(after failures: Int, jitter: Double) -> Double {
        var seconds = settings.initialDelaySeconds
        for _ in 0..<min(max(failures, 0), 64) where seconds < settings.delayMaximumSeconds {
            seconds *= settings.backoffMultiplier
        }
        return max(0, min(seconds, settings.delayMaximumSeconds) * (1 + jitter * settings.jitterPercent / 100))
    }

    private static func inWords(seconds: Double) -> String {
        seconds < 7200 ? "\(Int(seconds / 60)) minutes" : "\(Int(min(seconds, 1e9) / 3600)) hours"
    }
}
