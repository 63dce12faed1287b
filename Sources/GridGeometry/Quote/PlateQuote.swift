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
        priceRule: PriceRule? = nil, volume: (SegmentPlan, PlateWish) -> Double = PlateVolume.estimate
    ) {
        let wish = plan.wish
        let overhang = Overhang(of: wish)
        var firstOfShape: [SegmentShapeKey: Int] = [:]
        parts = plan.segments.map { segment in
            let printed = segment.printedSize(overhang)
            let key = SegmentShapeKey(segment)
            let like = firstOfShape[key] ?? segment.number
            firstOfShape[key] = like
            let cubic = volume(segment, wish)
            let grams = rates.grams(cubicMillimetres: cubic)
            return Part(
                number: segment.number, isStrip: segment.isStrip, columnCount: segment.columns.count,
                rowCount: segment.rows.count, body: segment.size, printed: printed,
                fitsOnBed: printed.width <= wish.bed.width && printed.depth <= wish.bed.depth,
                cubicMillimetres: cubic, grams: grams, minutes: printRate.minutes(grams: grams),
                magnetCount: segment.magnetCount(wish), likeNumber: like)
        }
        distinctPartCount = firstOfShape.count
        bedCount = plan.bedLayout.bedCount
        let cells = plan.segments.flatMap(\.cellSizes)
        wholeCellCount = cells.count(where: \.isWhole)
        fractionalCellCount = cells.count - wholeCellCount
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
}

extension SegmentPlan {
    /// Of its pockets: solid and empty cells are none.
    package var cellSizes: [Size] {
        cells.enumerated().flatMap { row, kinds in
            kinds.enumerated().compactMap { column, kind in
                kind == .cell ? Size(width: cellWidths[column], depth: cellDepths[row]) : nil
            }
        }
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
