/// Until when a call to a vendor may be under way, whatever its own time-out says.
///
/// Another owner of an effect looks at the vendor once nothing of an earlier send can still arrive. A process that is
/// frozen between its last look at the clock and the wire would send later than that: so the moment goes along with the
/// call and is looked at where its bytes go out (ADR-054).
package enum CallDeadline {
    /// Nil: its own time-out is all there is.
    @TaskLocal package static var latest: ContinuousClock.Instant?

    /// - Returns: the earlier one of `seconds` from now and `latest`.
    package static func from(now: ContinuousClock.Instant = .now, seconds: Double) -> ContinuousClock.Instant {
        let own = now + .seconds(max(0, seconds))
        return latest.map { min($0, own) } ?? own
    }
}
