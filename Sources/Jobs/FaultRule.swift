import Glibc
package import Kernel

/// One entry of `FORMA3D_FAULTS`: where, for whom, what, how often.
package struct FaultRule: Hashable, Sendable {
    enum Action: Hashable, Sendable {
        /// SIGKILL to the own process.
        case kill
        /// SIGSTOP to the own process, woken from outside.
        case freeze(milliseconds: Int)
        /// Fails as if the connection broke there.
        case drop
        case delay(milliseconds: Int)
    }

    let point: FaultPoints.Point
    /// An effect's or a job's; nil: any.
    let kind: String?
    let action: Action
    /// From the start of the process; nil: every time.
    let times: Int?
    /// More than 0, at most 100; nil: always.
    let percent: Double?

    /// The longest freeze or delay.
    private static let millisecondsMaximum = 999_999

    /// An entry of the list that says nothing to us.
    package struct Unreadable: Error, Hashable, CustomStringConvertible {
        package let entry: String

        package var description: String {
            """
            \(entry) is no fault: point[/kind]:action[*times][%percent], with a point of \
            \(FaultPoints.Point.allCases.map(\.rawValue).joined(separator: ", ")) and an action of kill, \
            freeze-<milliseconds>, drop, delay-<milliseconds>
            """
        }
    }

    func matches(_ point: FaultPoints.Point, _ kinds: [String]) -> Bool {
        point == self.point && kind.map(kinds.contains) ?? true
    }

    /// - Throws: `Unreadable`.
    static func list(_ text: String) throws -> [FaultRule] {
        try text.split(separator: ",").map { entry in
            let entry = entry.filter { $0 != " " }
            guard let rule = FaultRule(entry) else { throw Unreadable(entry: entry) }
            return rule
        }
    }

    private init?(_ entry: String) {
        let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let place = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let point = FaultPoints.Point(rawValue: String(place[0])) else { return nil }
        let chance = parts[1].split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let often = chance[0].split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        guard let action = Self.action(often[0]) else { return nil }
        self.point = point
        self.action = action
        kind = place.count == 2 ? String(place[1]) : nil
        times = often.count == 2 ? Self.number(often[1]) : nil
        percent = chance.count == 2 ? Double(chance[1]) : nil
        guard kind.map({ point.hasKind && !$0.isEmpty }) ?? true, (times != nil) == (often.count == 2), times != 0,
            (percent != nil) == (chance.count == 2), percent.map({ $0 > 0 && $0 <= 100 }) ?? true
        else { return nil }
    }

    private static func action(_ text: Substring) -> Action? {
        switch text {
        case "kill": return .kill
        case "drop": return .drop
        case _ where text.hasPrefix("freeze-"):
            return number(text.dropFirst("freeze-".count)).map { .freeze(milliseconds: $0) }
        case _ where text.hasPrefix("delay-"):
            return number(text.dropFirst("delay-".count)).map { .delay(milliseconds: $0) }
        default: return nil
        }
    }

    private static func number(_ digits: Substring) -> Int? {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
            number <= millisecondsMaximum
        else { return nil }
        return number
    }
}

extension FaultRule.Action {
    /// - Throws: `DroppedAtFaultPoint`; `CancellationError` from a delay.
    func take(at point: FaultPoints.Point) async throws {
        switch self {
        case .kill: _ = Glibc.kill(getpid(), SIGKILL)
        case .freeze(let milliseconds): try ProcessFreeze.freeze(milliseconds: milliseconds)
        case .drop: throw DroppedAtFaultPoint(point: point)
        case .delay(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
        }
    }
}

/// What a `drop` fails with: counts as a broken connection does.
package struct DroppedAtFaultPoint: RetryClassified, Hashable {
    package let point: FaultPoints.Point

    package var retryVerdict: RetryVerdict { .notNow(retryAfterSeconds: nil) }
    package var operatorMessage: String { "The connection was dropped at the fault point \(point.rawValue)." }
}
