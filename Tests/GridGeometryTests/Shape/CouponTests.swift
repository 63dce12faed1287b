import Testing

@testable import GridGeometry

@Suite struct CouponTests {
    @Test(arguments: [false, true]) func piecesAreClosedAndDiffer(hasEdgeTabs: Bool) throws {
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: 371), depth: Length(millimetres: 254)),
            bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
        if hasEdgeTabs { wish.edgeConnector = EdgeConnector() }
        let pieces = try FitCoupon.pieces(for: wish)
        #expect(pieces.map(\.fit) == [0, 0, 5, 5, 10, 10])
        for piece in pieces { try ShapeJudge.check(piece.slabs, "\(piece.fit) \(piece.isMale)") }
        #expect(Set(pieces.map(\.slabs)).count == 6)
        // A tab stands 1.18 mm out of a male piece, or as far as the neighbour's pocket lets an edge tab.
        let reach = SegmentShape.bounds(of: pieces[0].slabs).size.depth.millimetres - 16
        #expect(abs(reach - (hasEdgeTabs ? 2.85 : 1.18)) < 0.001)
    }
}
