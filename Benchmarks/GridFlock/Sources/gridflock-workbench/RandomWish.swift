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
            wish.edgeAdjust = Sides(
                north: length(0...9), east: length(0...9), south: length(0...9), west: length(0...9))
        }
        wish.hasSeparatePadding = chance(5, &random)
        if chance(5, &random) {
            wish.intersectionConnector = nil
        } else {
            wish.intersectionConnector?.fit = chance(2, &random) ? 10 : Int.random(in: 0...10, using: &random)
        }
        if chance(4, &random) {
            var connector = EdgeConnector()
            connector.countPerCell = Int.random(in: 1...3, using: &random)
            wish.edgeConnector = connector
        }
        wish.magnets = chance(2, &random) ? magnets(&random) : nil
        if chance(2, &random) { wish.numbering = nil }
        if chance(4, &random) { wish.cornerRadius = length(0...4) }
        if wish.magnets == nil, chance(4, &random) { wish.solidBase = length(1...3) }
        return wish
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
        return magnets
    }
}
