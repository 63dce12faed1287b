package import Kernel

/// What a plate is made of, takes and costs, from its plan alone.
package struct PlateQuote: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package let number: Int
        package let isStrip: Bool
        package let columnCount: Int
        package let rowCount: Int
        /// Without and with tabs.
        package let body: Size
        package let printed: Size
        package let fitsOnBed: Bool
        package let cubicMillimetres: Double
        package let grams: Double
        package let minutes: Double
        package let magnetCount: Int
        /// The first part that is made alike, itself when there is none before.
        package let likeNumber: Int
    }

    package let parts: [Part]
    /// Parts that differ in more than their number.
    package let distinctPartCount: Int
    /// Times a bed is filled.
    package let bedCount: Int
    package let wholeCellCount: Int
    /// Cells that are not 42 mm both ways.
    package let fractionalCellCount: Int
    package let magnetCount: Int
    package let cubicMillimetres: Double
    package let grams: Double
    package let minutes: Double
    /// nil without a rule.
    package let price: Money?
}

extension PlateQuote {
    /// - Parameter volume: cubic millimetres of a part; the closed formula unless an exact one is at hand.
    package init(
        _ plan: PlatePlan, rates: QuoteRates = QuoteRates(), printRate: PrintRate = .uncalibrated,
        priceRule: PriceRule? = nil, volume: ((SegmentPlan, PlateWish) -> Double)? = nil
    ) {
        let wish = plan.wish
        let overhang = Overhang(of: wish)
        var measures: [Measures] = []
        measures.reserveCapacity(plan.segments.count)
        var (whole, fractional, distinct) = (0, 0, 0)
        var sizes: [Size] = []
        parts = zip(plan.segments, plan.firstAlike).map { segment, like in
            if like == measures.count { distinct += 1 }
            var own = like < measures.count ? measures[like] : Measures(segment, wish, overhang, volume == nil)
            if let volume { own.cubicMillimetres = volume(segment, wish) }
            measures.append(own)
            sizes.append(own.printed)
            whole += own.wholeCellCount
            fractional += own.fractionalCellCount
            let grams = rates.grams(cubicMillimetres: own.cubicMillimetres)
            return Part(
                number: segment.number, isStrip: segment.isStrip, columnCount: segment.columns.count,
                rowCount: segment.rows.count, body: own.body, printed: own.printed, fitsOnBed: own.fitsOnBed,
                cubicMillimetres: own.cubicMillimetres, grams: grams, minutes: printRate.minutes(grams: grams),
                magnetCount: own.magnetCount, likeNumber: plan.segments[like].number)
        }
        distinctPartCount = distinct
        bedCount = BedLayout(sizes: sizes, bed: wish.bed).bedCount
        wholeCellCount = whole
        fractionalCellCount = fractional
        let magnetCount = parts.reduce(0) { $0 + $1.magnetCount }
        let grams = parts.reduce(0) { $0 + $1.grams }
        let minutes = parts.reduce(0) { $0 + $1.minutes }
        self.magnetCount = magnetCount
        cubicMillimetres = parts.reduce(0) { $0 + $1.cubicMillimetres }
        self.grams = grams
        self.minutes = minutes
        price = priceRule.map { $0.price(grams: grams, minutes: minutes, magnetCount: magnetCount) }
    }
}

/// What parts that are made alike have in common.
private struct Measures {
    let body: Size
    let printed: Size
    let fitsOnBed: Bool
    let magnetCount: Int
    let wholeCellCount: Int
    let fractionalCellCount: Int
    var cubicMillimetres: Double

    init(_ segment: SegmentPlan, _ wish: PlateWish, _ overhang: Overhang, _ isByFormula: Bool) {
        body = segment.size
        printed = segment.printedSize(overhang)
        fitsOnBed = printed.width <= wish.bed.width && printed.depth <= wish.bed.depth
        let cells = segment.cellSizes
        magnetCount = wish.magnets.map { magnets in cells.reduce(0) { $0 + magnets.count(in: $1) } } ?? 0
        wholeCellCount = cells.count(where: \.isWhole)
        fractionalCellCount = cells.count - wholeCellCount
        cubicMillimetres = isByFormula ? PlateVolume.estimate(segment, wish: wish) : 0
    }
}

/// All that the shape of a part depends on: two parts with equal keys are the same print but for their numbers.
package struct SegmentShapeKey: Hashable, Sendable {
    private let cellWidths: [Length]
    private let cellDepths: [Length]
    private let padding: Sides<Length>
    private let connects: Sides<Bool>
    private let joints: Sides<[Joint]>
    private let hasEdgeTabs: Sides<Bool>
    private let cells: [[CellKind]]

    package init(_ segment: SegmentPlan) {
        cellWidths = segment.cellWidths
        cellDepths = segment.cellDepths
        padding = segment.padding
        connects = segment.connects
        joints = segment.joints
        hasEdgeTabs = segment.hasEdgeTabs
        cells = segment.cells
    }

    /// Of what tells most parts apart: a quote asks it of every part, and `==` looks at the rest.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(cellWidths.count << 32 | cellDepths.count << 16 | joints.north.count << 8 | joints.south.count)
        hasher.combine(joints.east.count << 8 | joints.west.count)
        hasher.combine(connects)
        hasher.combine(padding)
    }
}

extension SegmentPlan {
    /// Of its pockets: solid and empty cells are none.
    package var cellSizes: [Size] {
        var sizes: [Size] = []
        sizes.reserveCapacity(cellWidths.count * cellDepths.count)
        for (kinds, depth) in zip(cells, cellDepths) {
            for (kind, width) in zip(kinds, cellWidths) where kind == .cell {
                sizes.append(Size(width: width, depth: depth))
            }
        }
        return sizes
    }

    package func magnetCount(_ wish: PlateWish) -> Int {
        guard let magnets = wish.magnets else { return 0 }
        return cellSizes.reduce(0) { $0 + magnets.count(in: $1) }
    }
}

extension Size {
    /// Of one Gridfinity cell.
    var isWhole: Bool { width == CellLayout.pitch && depth == CellLayout.pitch }
}
