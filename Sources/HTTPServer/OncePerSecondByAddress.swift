/// Which lines about bad input are worth writing: at most one a second for each address, however much it sends.
///
/// The table is bounded. When it is full of addresses of this second, new ones share one place, so that a flood from
/// many addresses floods no log either. No clock of its own, so that it can be tested: time comes in.
package struct OncePerSecondByAddress: Sendable {
    package static let addressesMaximum = 1_024
    private static let secondNanoseconds: UInt64 = 1_000_000_000

    private struct Seen {
        var nanoseconds: UInt64
        var suppressed: Int
    }

    private var seen: [String: Seen] = [:]
    /// Of all addresses that found no place of their own.
    private var others: Seen?
    /// When the table may be swept next.
    private var sweepNanoseconds: UInt64 = 0

    package init() {}

    /// - Parameters:
    ///   - address: nil for a unix socket.
    ///   - nowNanoseconds: of a clock that does not go back.
    /// - Returns: how many lines were left out since the last one, when this one may be written; else nil.
    package mutating func admit(_ address: String?, nowNanoseconds now: UInt64) -> Int? {
        let key = address ?? "unix"
        if let known = seen[key] {
            let (suppressed, next) = Self.judge(known, now)
            seen[key] = next
            return suppressed
        }
        // At most one sweep a second: a flood must not buy a walk over the table with every packet.
        if seen.count >= Self.addressesMaximum, now >= sweepNanoseconds {
            seen = seen.filter { !Self.isOver($0.value, now) }
            sweepNanoseconds = now.addingReportingOverflow(Self.secondNanoseconds).partialValue
        }
        if seen.count < Self.addressesMaximum {
            seen[key] = Seen(nanoseconds: now, suppressed: 0)
            return 0
        }
        guard let known = others else {
            others = Seen(nanoseconds: now, suppressed: 0)
            return 0
        }
        let (suppressed, next) = Self.judge(known, now)
        others = next
        return suppressed
    }

    private static func isOver(_ seen: Seen, _ now: UInt64) -> Bool {
        now >= seen.nanoseconds && now - seen.nanoseconds >= secondNanoseconds
    }

    private static func judge(_ known: Seen, _ now: UInt64) -> (suppressed: Int?, next: Seen) {
        guard isOver(known, now) else {
            return (nil, Seen(nanoseconds: known.nanoseconds, suppressed: known.suppressed &+ 1))
        }
        return (known.suppressed, Seen(nanoseconds: now, suppressed: 0))
    }
}
