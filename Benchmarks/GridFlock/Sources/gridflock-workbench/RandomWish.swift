import GridGeometry

/// A wish that is the same for the same seed on every machine.
enum RandomWish {
    /// SplitMix64.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let beds: [(Double, Double)] = [
        (250, 220), (180, 180), (360, 360), (256, 256), (300, 320), (220, 220),
    ]

    static func make(seed: UInt64) -> PlateWish {
        var random = Numbers(state: seed)
        func length(_ range: ClosedRange<Int>) -> Length {
            // Half of them whole millimetres, as people measure.
            let isWhole = Bool.random(using: &random)
            let value = Int.random(in: range.lowerBound * 10...range.upperBound * 10, using: &random)
            return Length(tenthMicrometres: (isWhole ? value / 10 * 10 : value) * 1_000)
        }
        // Most drawers are small, so that many are tried in the time that one of the largest takes.
        let most = Int.random(in: 0..<20, using: &random) == 0 ? 1200 : 500
        let drawer = Size(width: length(60...most), depth: length(60...most))
        let bed = beds[Int.random(in: 0..<beds.count, using: &random)]
        var wish = PlateWish(
            drawer: drawer, bed: Size(width: Length(millimetres: bed.0), depth: Length(millimetres: bed.1)))
        wish.fillerX = filler(&random)
        wish.fillerY = filler(&random)
        wish.alignmentX = Int.random(in: 0...10, using: &random)
        wish.alignmentY = Int.random(in: 0...10, using: &random)
        if chance(4, &random) { wish.clearance = Sides(all: Length(tenthMicrometres: 5_000)) }
        if chance(6, &random) {
            let least = chance(3, &random) ? -9 : 0
            wish.edgeAdjust = Sides(
                north: length(least...9), east: length(least...9), south: length(least...9), west: length(least...9))
        }
        wish.hasSeparatePadding = chance(5, &random)
        if chance(5, &random) {
            wish.intersectionConnector = nil
        } else {
            wish.intersectionConnector?.fit = chance(2, &random) ? 10 : Int.random(in: 0...10, using: &random)
        }
        if chance(4, &random) {
            wish.edgeConnector = edgeConnector(&random)
        }
        wish.magnets = chance(2, &random) ? magnets(&random) : nil
        if chance(2, &random) { wish.numbering = nil }
        if chance(4, &random) { wish.cornerRadius = length(0...6) }
        if wish.magnets == nil, chance(4, &random) { wish.solidBase = length(1...3) }
        return wish
    }

    /// Solid and empty cells here and there, for a plan that has so many cells.
    static func override(cells: Int, seed: UInt64) -> [CellKind] {
        var random = Numbers(state: seed ^ 0xC311)
        guard chance(6, &random) else { return [] }
        let oneIn = Int.random(in: 2...12, using: &random)
        return (0..<cells).map { _ in
            chance(oneIn, &random) ? (chance(2, &random) ? .solid : .empty) : .cell
        }
    }

    private static func edgeConnector(_ random: inout Numbers) -> EdgeConnector {
        var connector = EdgeConnector()
        connector.countPerCell = Int.random(in: 1...3, using: &random)
        if chance(3, &random) {
            func length(_ range: ClosedRange<Int>) -> Length {
                Length(tenthMicrometres: Int.random(in: range, using: &random) * 1_000)
            }
            connector.neck = Size(width: length(20...50), depth: length(8...20))
            connector.bar = Size(width: connector.neck.width + length(20...80), depth: length(15...35))
            connector.gap = length(0...3)
            connector.heightFemale = length(10...46)
            connector.maleDelta = length(0...5)
            connector.hasMagnetBorder = chance(2, &random)
        }
        return connector
    }

    private static func chance(_ count: Int, _ random: inout Numbers) -> Bool {
        Int.random(in: 0..<count, using: &random) == 0
    }

    private static func filler(_ random: inout Numbers) -> Filler {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .none
        case 1: .dynamic(minimum: Length(millimetres: Double(Int.random(in: 10...20, using: &random))))
        default: .fraction(Int.random(in: 2...4, using: &random))
        }
    }

    private static func magnets(_ random: inout Numbers) -> Magnets {
        var magnets = Magnets()
        magnets.style = Magnets.Style.allCases[Int.random(in: 0..<3, using: &random)]
        magnets.frame = magnets.style == .pressFit || chance(2, &random) ? .round : .solid
        if chance(3, &random) {
            (magnets.diameter, magnets.height) = (Length(millimetres: 6.1), Length(millimetres: 2))
        }
        if chance(4, &random) { magnets.releaseWidth = .zero }
        if chance(4, &random) {
            func length(_ range: ClosedRange<Int>) -> Length {
                Length(tenthMicrometres: Int.random(in: range, using: &random) * 500)
            }
            (magnets.top, magnets.bottom, magnets.border) = (length(6...20), length(6...30), length(16...60))
            (magnets.diameter, magnets.height) = (length(80...150), length(20...60))
            magnets.releaseWidth = length(0...90)
        }
        return magnets
    }
}
