import GridGeometry

/// Drawers as customers have them, on beds as printers have them.
enum RandomDrawer {
    static let beds = [(250, 220), (180, 180), (256, 256), (300, 320), (220, 220), (360, 360)]

    /// Only what upstream knows as well, in its default connector: for the comparison with its rule.
    static func likeUpstream(_ random: inout SeededRandom) -> PlateWish {
        let bed = beds[Int.random(in: 0..<beds.count, using: &random)]
        var wish = PlateWish(
            drawer: Size(
                width: Length(millimetres: random.millimetres(60...1200)),
                depth: Length(millimetres: random.millimetres(60...1200))),
            bed: Size(width: Length(millimetres: Double(bed.0)), depth: Length(millimetres: Double(bed.1))))
        wish.fillerX = filler(&random)
        wish.fillerY = filler(&random)
        wish.alignmentX = [0, 5, 10, 3][Int.random(in: 0..<4, using: &random)]
        wish.alignmentY = [0, 5, 10, 7][Int.random(in: 0..<4, using: &random)]
        return wish
    }

    /// Everything that changes a plan.
    static func any(_ random: inout SeededRandom) -> PlateWish {
        var wish = likeUpstream(&random)
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        if chance(20) { wish.clearance = Sides(all: Length(millimetres: 0.5)) }
        if chance(30) { wish.hasSeparatePadding = true }
        if chance(20) {
            wish.edgeAdjust = Sides(
                north: Length(millimetres: random.millimetres(-3...9)),
                east: Length(millimetres: random.millimetres(-3...9)),
                south: Length(millimetres: random.millimetres(-3...9)),
                west: Length(millimetres: random.millimetres(-3...9)))
        }
        if chance(30) {
            wish.edgeConnector = EdgeConnector()
            if chance(50) { wish.intersectionConnector = nil }
        } else if chance(20) {
            wish.intersectionConnector = nil
        } else {
            wish.intersectionConnector?.fit = Int.random(in: 0...10, using: &random)
        }
        if chance(30) { wish.magnets = Magnets() }
        if chance(10) { wish.split.isStaggered = false }
        if chance(10) { wish.solidBase = Length(millimetres: 1) }
        return wish
    }

    private static func filler(_ random: inout SeededRandom) -> Filler {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .none
        case 1: .fraction(2)
        case 2: .fraction(3)
        default: .dynamic(minimum: Length(millimetres: 15))
        }
    }
}
