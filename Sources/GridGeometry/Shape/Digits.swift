/// Digits of straight strokes; ours, so that a plate is the same on every machine.
///
/// Nobody knows which way round a part lies in the hand. Seven strokes, as displays have them, tell a turned 3, 4 and 7
/// by themselves; the 1 has a flag and a foot, since a bare bar could be anything; and a number that would read as
/// another one when it is turned (6 and 9, 25 and 52, 20) has a full stop at its foot, as on lottery balls.
enum Digits {
    /// Strokes of 0 to 9: top, upper right, lower right, bottom, lower left, upper left, middle. The 1 is drawn apart.
    private static let strokes: [[Int]] = [
        [0, 1, 2, 3, 4, 5], [], [0, 1, 6, 4, 3], [0, 1, 6, 2, 3], [5, 6, 1, 2], [0, 5, 6, 2, 3],
        [0, 5, 6, 4, 3, 2], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 5, 6],
    ]
    /// What a digit is upside down; nil where it is none.
    private static let turned: [Int?] = [0, nil, 2, nil, nil, 5, 9, nil, 8, 6]
    /// What a nozzle of usual size leaves free: a narrower groove closes.
    private static let narrowestStroke = 4_000

    /// With its full stop.
    static func width(of number: Int, size: Int) -> Int {
        let count = digits(of: number).count
        return count * digitWidth(size) + (count - 1) * gap(size) + (hasStop(number) ? stopGap(size) + stop(size) : 0)
    }

    /// Turned by half a turn it is another number, or would be one but for a zero in front.
    static func hasStop(_ number: Int) -> Bool {
        let digits = digits(of: number)
        let seen = digits.reversed().compactMap { turned[$0] }
        return seen.count == digits.count && seen != digits
    }

    /// Solid on the left, around the middle (0, 0), upright and readable from above.
    static func loops(of number: Int, size: Int) -> [[Point]] {
        var overlay = Overlay()
        var west = -width(of: number, size: size) / 2
        for digit in digits(of: number) {
            if digit == 1 {
                overlay.add(one(west: west, size: size), to: 0)
            } else {
                for stroke in strokes[digit] { overlay.add(box(stroke, west: west, size: size).corners, to: 0) }
            }
            west += digitWidth(size) + gap(size)
        }
        if hasStop(number) {
            west += stopGap(size) - gap(size)
            let south = -size / 2
            let side = stop(size)
            overlay.add(Box(west: west, south: south, east: west + side, north: south + side).corners, to: 0)
        }
        return overlay.loops { $0[0] > 0 }
    }

    private static func digits(of number: Int) -> [Int] {
        number < 10 ? [number] : digits(of: number / 10) + [number % 10]
    }

    private static func digitWidth(_ size: Int) -> Int { size * 3 / 5 }
    private static func gap(_ size: Int) -> Int { size * 3 / 10 }
    private static func stop(_ size: Int) -> Int { stroke(size) * 3 / 2 }
    private static func stopGap(_ size: Int) -> Int { size / 5 }
    /// A small number keeps some room between its strokes.
    private static func stroke(_ size: Int) -> Int { max(size / 6, min(narrowestStroke, size / 5)) }

    /// A bar with a flag at its head and a foot below.
    private static func one(west: Int, size: Int) -> [[Point]] {
        let thick = stroke(size)
        let south = -size / 2
        let north = south + size
        let bar = west + (digitWidth(size) - thick) / 2
        // Half a right angle downwards: √2 times as tall as it is thick.
        let drop = thick * 7 / 5
        return [
            Box(west: bar, south: south, east: bar + thick, north: north).corners,
            Box(west: west, south: south, east: west + digitWidth(size), north: south + thick).corners,
            [
                Point(bar, north), Point(bar - thick, north - thick), Point(bar - thick, north - thick - drop),
                Point(bar, north - drop),
            ],
        ]
    }

    private static func box(_ stroke: Int, west: Int, size: Int) -> Box {
        let thick = Self.stroke(size)
        let east = west + digitWidth(size)
        let south = -size / 2
        let north = south + size
        let low = -thick / 2
        let high = low + thick
        switch stroke {
        case 0: return Box(west: west, south: north - thick, east: east, north: north)
        case 1: return Box(west: east - thick, south: low, east: east, north: north)
        case 2: return Box(west: east - thick, south: south, east: east, north: high)
        case 3: return Box(west: west, south: south, east: east, north: south + thick)
        case 4: return Box(west: west, south: south, east: west + thick, north: high)
        case 5: return Box(west: west, south: low, east: west + thick, north: north)
        default: return Box(west: west, south: low, east: east, north: high)
        }
    }
}
