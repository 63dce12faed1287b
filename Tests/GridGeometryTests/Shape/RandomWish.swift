@testable import GridGeometry

/// Random drawers with random options, the same for the same seed.
struct RandomWish {
    private var state: UInt64
    let largest: Int

    init(seed: UInt64, largest: Int = 170) {
        state = seed
        self.largest = largest
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }
    private mutating func chance(_ one: Int, in of: Int) -> Bool { number(1...of) <= one }
    private mutating func pick<T>(_ values: [T]) -> T { values[number(0...values.count - 1)] }
    /// Tenths of a millimetre.
    private mutating func length(_ range: ClosedRange<Int>) -> Length { Length(tenthMicrometres: number(range) * 1000) }
    private mutating func filler() -> Filler {
        switch number(0...3) {
        case 0: .none
        case 1: .fraction(number(2...5))
        case 2: .fraction(2)
        default: .dynamic(minimum: length(80...420))
        }
    }

    mutating func wish() -> PlateWish {
        var wish = PlateWish(
            drawer: Size(width: length(420...largest * 10), depth: length(420...largest * 10)),
            bed: Size(width: length(900...2000), depth: length(900...2000)))
        wish.fillerX = filler()
        wish.fillerY = filler()
        wish.alignmentX = number(0...10)
        wish.alignmentY = number(0...10)
        wish.hasSeparatePadding = chance(1, in: 4)
        if chance(1, in: 3) {
            wish.edgeAdjust = Sides(
                north: length(-60...40), east: length(-60...40), south: length(-60...40), west: length(-60...40))
        }
        wish.intersectionConnector = chance(3, in: 4) ? IntersectionConnector() : nil
        wish.intersectionConnector?.fit = number(0...10)
        if chance(1, in: 2) { wish.edgeConnector = edgeConnector() }
        if chance(1, in: 2) { wish.magnets = magnets() }
        if chance(1, in: 4) { wish.numbering = nil }
        wish.cornerRadius = pick([0, 10, 40, 40, 60, 100].map { Length(tenthMicrometres: $0 * 1000) })
        if chance(1, in: 4) { wish.solidBase = length(2...30) }
        if chance(1, in: 4), let plan = try? Planner.plan(wish) {
            let kinds: [CellKind] = pick([
                [.cell, .solid, .empty], [.cell, .cell, .cell, .cell, .empty], [.cell, .solid],
            ])
            wish.cellOverride = (0..<plan.columns.count * plan.rows.count).map { _ in pick(kinds) }
        }
        return wish
    }

    private mutating func edgeConnector() -> EdgeConnector {
        var connector = EdgeConnector()
        if chance(1, in: 2) { return connector }
        connector.countPerCell = number(1...3)
        connector.bar = Size(width: length(60...140), depth: length(15...40))
        connector.neck = Size(width: length(15...50), depth: length(6...20))
        connector.gap = Length(tenthMicrometres: number(0...3) * 500)
        connector.heightFemale = length(10...50)
        connector.maleDelta = length(0...5)
        connector.hasMagnetBorder = chance(1, in: 2)
        connector.magnetBorderWidth = length(0...50)
        return connector
    }

    private mutating func magnets() -> Magnets {
        var magnets = Magnets()
        magnets.style = pick(Magnets.Style.allCases)
        magnets.frame = magnets.style == .pressFit ? .round : pick(Magnets.Frame.allCases)
        if chance(1, in: 2) { return magnets }
        magnets.diameter = length(30...100)
        magnets.height = length(10...40)
        magnets.top = length(2...10)
        magnets.bottom = length(2...15)
        magnets.border = length(4...30)
        magnets.releaseWidth = length(0...40)
        return magnets
    }
}
