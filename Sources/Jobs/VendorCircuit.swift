import Kernel

/// Whether a vendor's jobs may be claimed: pure, so that the whole table is tested without a database. Its row is shared
/// by all replicas.
///
/// closed → open (failures in a row that say the vendor is down) → half-open (one probe at a time) → closed. `paused`
/// is what a vendor asked for itself (429 with Retry-After) and ends by itself.
struct VendorCircuit: Hashable, Sendable {
    enum Phase: String, Hashable, Sendable, CaseIterable {
        case closed
        case open
        case halfOpen = "half-open"
        case paused
    }

    var phase = Phase.closed
    /// In a row, while closed.
    var failures = 0
    /// How often it opened since it was last closed.
    var opens = 0
    /// Seconds of the clock of the caller; nil while closed.
    var until: Double?

    /// Failures in a row that open it: one slow answer is not an outage, and five tell more than one.
    static let failuresMaximum = 5
    /// A vendor is left alone at most so many times as long as at first: at 5 s two minutes.
    static let openGrowthMaximum = 24.0
    /// A Retry-After that would park a vendor for longer is not believed.
    static let pauseSecondsMaximum = 3600.0

    /// What somebody who called the vendor found.
    /// - Parameter openSeconds: how long a vendor that is down is left alone at first (`VENDOR_CIRCUIT_OPEN_MS`).
    mutating func note(_ sign: VendorSign, now: Double, openSeconds: Double) {
        switch (phase, sign) {
        case (.paused, .answered):
            // It was under way before the vendor asked for time.
            if isOver(now) { self = VendorCircuit() }
        case (_, .answered):
            self = VendorCircuit()
        case (.closed, .down), (.paused, .down):
            failures += 1
            if failures >= Self.failuresMaximum { open(now, openSeconds) }
        case (.halfOpen, .down):
            open(now, openSeconds)
        case (.open, .down):
            break
        case (_, .limited(nil)):
            // It answers; without a time the job's own back-off is all there is.
            if phase == .halfOpen { self = VendorCircuit() }
        case (.open, .limited(let seconds?)):
            until = max(until ?? now, now + Self.pause(seconds))
        case (_, .limited(let seconds?)):
            until = max(phase == .paused ? until ?? now : now, now + Self.pause(seconds))
            phase = .paused
            failures = 0
        }
    }

    /// Asks for the one probe that a circuit lets through.
    mutating func takeProbe(now: Double, seconds: Double) -> Bool {
        guard phase == .open || phase == .halfOpen, isOver(now) else { return false }
        phase = .halfOpen
        until = now + seconds
        return true
    }

    /// The probe never got as far as the vendor: the next one may go at once. Only where it is still the prober's own.
    /// - Parameter taken: `until` as the prober set it; the row keeps microseconds of it.
    mutating func giveBackProbe(_ taken: Double, now: Double) {
        guard phase == .halfOpen, let until, abs(until - taken) < 0.000_1 else { return }
        phase = .open
        self.until = now
    }

    /// A worker died with a job of this vendor in hand. Had it the probe, nobody would try until its time is over; had it
    /// not, one more tries: the lesser evil.
    mutating func proberMayBeDead(now: Double) {
        guard phase == .halfOpen else { return }
        phase = .open
        until = now
    }

    /// Its jobs wait.
    func isBlocking(now: Double) -> Bool {
        switch phase {
        case .closed: false
        case .paused: !isOver(now)
        case .open, .halfOpen: true
        }
    }

    /// Its row says `paused` until somebody calls the vendor, and means nothing any more.
    func isPauseOver(now: Double) -> Bool { phase == .paused && isOver(now) }

    private func isOver(_ now: Double) -> Bool { (until ?? now) <= now }

    private mutating func open(_ now: Double, _ openSeconds: Double) {
        var growth = 1.0
        for _ in 0..<min(opens, 16) { growth *= 2 }
        phase = .open
        failures = 0
        opens += 1
        until = now + openSeconds * min(growth, Self.openGrowthMaximum)
    }

    private static func pause(_ seconds: Double) -> Double {
        seconds.isFinite ? min(max(seconds, 0), pauseSecondsMaximum) : 0
    }
}
