/// Small pairs of pieces to print before a whole plate: one half of a seam with the tabs, one with the sockets, for several
/// fits.
package enum FitCoupon {
    /// A piece of one cell of 16 mm: tabs on its north side (`isMale`) or sockets in its south side. Its number, tenths of
    /// the fit, is debossed in the underside.
    package struct Piece: Hashable, Sendable {
        package let fit: Int
        package let isMale: Bool
        package let slabs: [Slab]
    }

    private static let cell = Length(millimetres: 16)

    /// Two pieces for each fit, loose to tight, with the edge puzzle of the wish if it has one. Everything but the fit and
    /// the small cell is as in the wish, without magnets.
    package static func pieces(for wish: PlateWish, fits: [Int] = [0, 5, 10]) throws(PlateRefusal) -> [Piece] {
        var pieces: [Piece] = []
        for fit in fits {
            for isMale in [true, false] {
                pieces.append(Piece(fit: fit, isMale: isMale, slabs: try slabs(for: wish, fit: fit, isMale: isMale)))
            }
        }
        return pieces
    }

    /// One piece: two cells side by side, so that a whole intersection tab stands between them.
    package static func slabs(for wish: PlateWish, fit: Int, isMale: Bool) throws(PlateRefusal) -> [Slab] {
        let widest = wish.edgeConnector.map { EdgeTab($0, isMale: false).halfWidth * 2 + 80_000 } ?? 0
        let width = max(cell, Length(tenthMicrometres: widest))
        var connects = Sides(all: false)
        if isMale { connects.north = true } else { connects.south = true }
        let segment = SegmentPlan(
            number: fit, origin: Point(0, 0), columns: 0..<2, rows: 0..<1, cellWidths: [width, width],
            cellDepths: [cell], padding: Sides(all: .zero), connects: connects,
            cells: [[.cell, .cell]])
        var wish = wish
        wish.intersectionConnector?.fit = fit
        wish.magnets = nil
        wish.solidBase = .zero
        wish.cellOverride = []
        wish.cornerRadius = min(wish.cornerRadius, Length(millimetres: 4))
        wish.edgeConnector?.countPerCell = 1
        let plan = PlatePlan(
            wish: wish, columns: [width, width], rows: [cell], padding: Sides(all: .zero), segments: [segment])
        return try SegmentShape.slabs(of: segment, in: plan)
    }
}
