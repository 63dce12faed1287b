/// Who waits for which server: a server gets so many calls at a time, and the others stand in line, first come, first
/// served.
///
/// Not libcurl's own limit: a call that waits there cannot be told from one whose server says nothing, and the time
/// for connecting runs while nobody connects.
struct CallLines {
    struct Waiting {
        let arrival: CurlThread.Arrival
        let origin: String
        let deadline: ContinuousClock.Instant
    }

    private let maximum: Int
    private var underWay: [String: Int] = [:]
    private var lines: [String: [Waiting]] = [:]
    /// Of all lines.
    private(set) var count = 0

    init(maximum: Int) {
        self.maximum = max(1, maximum)
    }

    /// - Returns: it may go now; else it stands in line.
    mutating func mayGo(_ call: Waiting) -> Bool {
        guard underWay[call.origin, default: 0] >= maximum else {
            underWay[call.origin, default: 0] += 1
            return true
        }
        lines[call.origin, default: []].append(call)
        count += 1
        return false
    }

    /// One has ended. The next one of its line, which takes over its place.
    mutating func end(_ origin: String) -> Waiting? {
        guard var line = lines[origin] else {
            let left = underWay[origin, default: 1] - 1
            underWay[origin] = left > 0 ? left : nil
            return nil
        }
        let next = line.removeFirst()
        lines[origin] = line.isEmpty ? nil : line
        count -= 1
        return next
    }

    /// Those that leave their line.
    mutating func takeOut(where isLeaving: (Waiting) -> Bool) -> [Waiting] {
        guard count > 0 else { return [] }
        var left: [Waiting] = []
        for (origin, line) in lines {
            let staying = line.filter { !isLeaving($0) }
            guard staying.count < line.count else { continue }
            left += line.filter(isLeaving)
            lines[origin] = staying.isEmpty ? nil : staying
        }
        count -= left.count
        return left
    }

    var nextDeadline: ContinuousClock.Instant? {
        count == 0 ? nil : lines.values.compactMap { $0.map(\.deadline).min() }.min()
    }
}
