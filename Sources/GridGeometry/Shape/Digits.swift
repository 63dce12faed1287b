/// Digits of seven strokes, each a bar; ours, so that a plate is the same on every machine.
enum Digits {
    /// Strokes of 0 to 9: top, upper right, lower right, bottom, lower left, upper left, middle.
    private static let strokes: [[Int]] = [
        [0, 1, 2, 3, 4, 5], [1, 2], [0, 1, 6, 4, 3], [0, 1, 6, 2, 3], [5, 6, 1, 2], [0, 5, 6, 2, 3],
        [0, 5, 6, 4, 3, 2], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 5, 6],
    ]

    /// Width of a number of so many digits.
    static func width(count: Int, size: Int) -> Int { count * digitWidth(size) + max(0, count - 1) * gap(size) }

    /// Solid on the left, around the middle (0, 0), upright and readable from above.
    static func loops(of number: Int, size: Int) -> [[Point]] {
        let digits = String(number).compactMap(\.wholeNumberValue)
        var overlay = Overlay()
        var west = -width(count: digits.count, size: size) / 2
        for digit in digits {
            for stroke in strokes[digit] {
                overlay.add(box(stroke, west: west, size: size).corners, to: 0)
            }
            west += digitWidth(size) + gap(size)
        }
        return overlay.loops { $0[0] > 0 }
    }

    private static func digitWidth(_ size: Int) -> Int { size * 3 / 5 }
    private static func gap(_ size: Int) -> Int { size * 3 / 10 }

    private static func box(_ stroke: Int, west: Int, size: Int) -> Box {
        let thick = size / 6
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
