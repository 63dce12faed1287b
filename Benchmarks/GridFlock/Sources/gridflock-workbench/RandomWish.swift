import GridGeometry

/// A wish that is the same for the same seed on every machine: any drawer up to the largest allowed, with any option. Small
/// drawers are the most, so that many are tried in the time that one of the largest takes. Options are mostly such that
/// they can be made; one wish in twelve takes any value, whatever the others are.
struct RandomWish {
    var random: SeededRandom
    /// Values need not go together.
    let isCareless: Bool

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        isCareless = Int.random(in: 0..<12, using: &random) == 0
    }

    mutating func wish() -> PlateWish {
        let drawer = drawer()
        var wish = PlateWish(drawer: drawer, bed: bed(for: drawer))
        wish.fillerX = filler()
        wish.fillerY = filler()
        wish.alignmentX = number(0...10)
        wish.alignmentY = number(0...10)
        wish.clearance = clearance()
        let smallest = smallestCell(of: wish)
        wish.hasSeparatePadding = chance(1, in: 4)
        wish.split.isStaggered = !chance(1, in: 8)
        wish.intersectionConnector = chance(1, in: 4) ? nil : IntersectionConnector()
        if chance(1, in: 2) { wish.intersectionConnector?.fit = number(0...10) }
        wish.magnets = chance(1, in: 2) ? magnets(smallest: smallest) : nil
        if chance(1, in: 4) { wish.solidBase = length(0.2...(chance(1, in: 8) ? 20 : 4)) }
        wish.edgeConnector = chance(1, in: 3) ? edgeConnector(smallest: smallest, wish) : nil
        wish.numbering = numbering()
        if chance(1, in: 3) { wish.edgeAdjust = edgeAdjust(wish) }
        return wish
    }

    /// What can only be chosen when the plate is known: rounding of its corners up to the largest, manual columns and
    /// rows, cells left out or solid.
    /// - Returns: nil to leave it as it is.
    mutating func second(_ plan: PlatePlan) -> PlateWish? {
        var wish = plan.wish
        switch number(0...7) {
        case 0: wish.cornerRadius = .zero
        case 1: wish.cornerRadius = Self.largestRadius(of: wish) ?? wish.cornerRadius
        case 2, 3:
            let largest = Self.largestRadius(of: wish) ?? wish.cornerRadius
            wish.cornerRadius = Length(tenthMicrometres: number(0...largest.tenthMicrometres))
        default: break
        }
        if chance(1, in: 8) {
            wish.split.columns = parts(plan.columns, on: wish.bed.width)
            if chance(3, in: 4) {
                wish.split.rowsEven = parts(plan.rows, on: wish.bed.depth)
                wish.split.rowsOdd = chance(1, in: 3) ? wish.split.rowsEven : parts(plan.rows, on: wish.bed.depth)
            }
        }
        if chance(1, in: 6) {
            let oneIn = number(2...12)
            let isLeavingOut = chance(2, in: 3)
            wish.cellOverride = (0..<plan.columns.count * plan.rows.count).map { _ in
                guard chance(1, in: oneIn) else { return .cell }
                return isLeavingOut && chance(1, in: 2) ? .empty : .solid
            }
        }
        return wish == plan.wish ? nil : wish
    }

    /// As the refusal of a larger one tells.
    private static func largestRadius(of wish: PlateWish) -> Length? {
        var asked = wish
        asked.cornerRadius = Length(millimetres: PlateLimits.cornerRadius.most)
        for _ in 0..<3 {
            do {
                _ = try Planner.plan(asked)
                return asked.cornerRadius
            } catch {
                guard let item = error.items.first, item.field == "cornerRadiusMillimetres",
                    let nearest = item.nearest.flatMap(Double.init)
                else { return nil }
                asked.cornerRadius = Length(millimetres: nearest)
            }
        }
        return nil
    }

    private mutating func drawer() -> Size {
        let most = PlateLimits.drawer.most
        switch number(0...1999) {
        case 0, 1: return Size(width: length(100...most), depth: length(100...most))
        case 2...19:
            let long = length(500...most)
            let short = length(42...400)
            return chance(1, in: 2) ? Size(width: long, depth: short) : Size(width: short, depth: long)
        case 20...79: return Size(width: length(150...1000), depth: length(150...1000))
        case 80...399: return Size(width: length(42...500), depth: length(42...500))
        case 400...429: return Size(width: length(PlateLimits.drawer.least...60), depth: length(8.4...60))
        default: return Size(width: length(42...260), depth: length(42...260))
        }
    }

    private mutating func bed(for drawer: Size) -> Size {
        let isLarge = max(drawer.width, drawer.depth) > Length(millimetres: 1000)
        switch number(0...7) {
        case 0...2: return PrinterBed.presets[number(0...PrinterBed.presets.count - 1)].size
        case 3, 4: return Size(width: length(150...420), depth: length(150...420))
        default:
            let range: ClosedRange<Double> =
                isLarge ? 150...420 : isCareless ? 20...90 : 70...160
            return Size(width: length(range), depth: length(range))
        }
    }

    private mutating func filler() -> Filler {
        switch number(0...9) {
        case 0, 1: .none
        case 2, 3: .dynamic(minimum: length(8.1...42))
        case 4: .dynamic(minimum: Length(millimetres: 15))
        case 5: .fraction(number(PlateLimits.fillerFractions))
        case 6: .fraction(3)
        case 7: .fraction(chance(1, in: 2) ? 4 : 5)
        default: .fraction(2)
        }
    }

    private mutating func clearance() -> Sides<Length> {
        switch number(0...5) {
        case 0, 1: Sides(all: length(0...1))
        case 2:
            Sides(north: length(0...3), east: length(0...3), south: length(0...3), west: length(0...3))
        case 3 where isCareless:
            Sides(north: length(0...20), east: length(0...20), south: length(0...20), west: length(0...20))
        default: Sides(all: .zero)
        }
    }

    private func smallestCell(of wish: PlateWish) -> Length {
        let cells = [wish.layoutX, wish.layoutY].compactMap { $0?.cells.min() }
        return isCareless ? CellLayout.pitch : cells.min() ?? CellLayout.pitch
    }

    private mutating func numbering() -> Numbering? {
        switch number(0...2) {
        case 0: return nil
        case 1: return Numbering()
        default:
            var numbering = Numbering()
            numbering.depth = length(0.1...(chance(1, in: 2) ? 2 : 0.7))
            numbering.size = length(1...5)
            numbering.squeezedSize = length(1...5)
            return numbering
        }
    }

    private mutating func edgeAdjust(_ wish: PlateWish) -> Sides<Length> {
        // A cut stays off the magnets of the outer cells.
        let room = wish.magnets.map { Magnets.distanceFromEdge - $0.radius - PlateLimits.wallAtCutMagnet }
        let most = isCareless ? 12 : max(0, min(8, room?.millimetres ?? 8))
        func side(_ random: inout RandomWish) -> Length {
            switch random.number(0...19) {
            case 0...9: .zero
            case 10...13: random.length(0...12)
            case 14: random.length(0...60)
            case 15 where random.isCareless: random.length(PlateLimits.edgeAdjust.least...PlateLimits.edgeAdjust.most)
            default: -random.length(0...most)
            }
        }
        return Sides(north: side(&self), east: side(&self), south: side(&self), west: side(&self))
    }

    /// Cells shared out by hand.
    private mutating func parts(_ cells: [Length], on bed: Length) -> [Int] {
        let most = max(1, (bed.tenthMicrometres - 100_000) / CellLayout.pitch.tenthMicrometres)
        var rest = cells.count
        var parts: [Int] = []
        while rest > 0 {
            parts.append(number(1...min(rest, most)))
            rest -= parts[parts.count - 1]
        }
        return parts
    }
}

extension RandomWish {
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func chance(_ one: Int, in count: Int) -> Bool { number(1...count) <= one }

    /// Half of them whole millimetres, as people measure; most others tenths; a few anything.
    mutating func length(_ millimetres: ClosedRange<Double>) -> Length {
        let least = Length(millimetres: millimetres.lowerBound).tenthMicrometres
        let most = Length(millimetres: millimetres.upperBound).tenthMicrometres
        let value = number(least...most)
        let step = [10_000, 10_000, 10_000, 10_000, 1_000, 1_000, 500, 1][number(0...7)]
        let rounded = value / step * step
        return Length(tenthMicrometres: least...most ~= rounded ? rounded : value)
    }
}
