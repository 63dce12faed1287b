import Testing

@testable import GridGeometry

/// Parts with empty cells that need not be shaped to know that they are in one piece.
@Suite struct PiecesTests {
    /// Found by `scripts/gridflock-fuzz` (seed 100758): deep slots of a small cell left a piece of a magnet's frame by
    /// itself, which was seen only when the part was made.
    @Test func slotsWithoutABarThatLeaveAPieceAreRefusedByThePlan() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: 146.9, drawerDepthMillimetres: 253.25, bedWidthMillimetres: 98,
            bedDepthMillimetres: 145)
        request.clearanceMillimetres = Sides(north: 0, east: 1, south: 1.5, west: 2)
        (request.fillerX, request.fillerFractionX, request.fillerY) = ("fraction", 3, "none")
        (request.intersectionFit, request.edgeConnector, request.edgeConnectorCountPerCell) = (0.9, true, 2)
        request.edgeConnectorBarWidthMillimetres = 12
        request.edgeConnectorBarDepthMillimetres = 1.9228
        request.edgeConnectorNeckWidthMillimetres = 4
        request.edgeConnectorNeckDepthMillimetres = 5.6642
        request.edgeConnectorGapMillimetres = 0.3384
        request.edgeConnectorHeightMillimetres = 1.0131
        (request.edgeConnectorMaleDeltaMillimetres, request.edgeConnectorMagnetBorder) = (0, false)
        (request.magnets, request.magnetStyle, request.magnetFrame) = (true, "press-fit", "round")
        (request.magnetDiameterMillimetres, request.magnetHeightMillimetres) = (9, 3)
        (request.magnetTopMillimetres, request.magnetBottomMillimetres) = (0.6422, 3.75)
        (request.magnetBorderMillimetres, request.magnetReleaseWidthMillimetres) = (1, 3)
        request.numbering = false
        do throws(PlateRefusal) {
            _ = try Planner.plan(request.wish())
            Issue.record("it was planned")
        } catch {
            #expect(error.items.map(\.field) == ["edgeConnectorMagnetBorder"])
            #expect(error.items.map(\.nearest) == ["true"])
        }
        request.edgeConnectorMagnetBorder = true
        let plan = try Planner.plan(request.wish())
        var shaper = PlateShaper(plan)
        for segment in plan.segments { _ = try MeshCheck.verify(Mesher.mesh(shaper.slabs(of: segment))) }
    }

    @Test func whatHangsTogetherHasOneOutline() throws {
        let seed: UInt64 = 0x5EED_0051
        var random = SeededRandom(seed: seed)
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        var (skipped, shaped, apart) = (0, 0, 0)
        for index in 0..<60 {
            let bed = Length(millimetres: pick([100.0, 140, 180, 230]))
            var wish = PlateWish(
                drawer: Size(
                    width: Length(millimetres: random.millimetres(80...320)),
                    depth: Length(millimetres: random.millimetres(80...320))), bed: Size(width: bed, depth: bed))
            wish.fillerX = pick([.none, .fraction(2), .fraction(3), .dynamic(minimum: Length(millimetres: 12))])
            wish.fillerY = pick([.none, .fraction(2), .fraction(3), .dynamic(minimum: Length(millimetres: 12))])
            wish.cornerRadius = Length(millimetres: pick([0, 1, 4]))
            wish.hasSeparatePadding = pick([false, false, true])
            wish.intersectionConnector?.fit = pick([0, 5, 10])
            guard let layoutX = wish.layoutX, let layoutY = wish.layoutY, (try? Planner.plan(wish)) != nil else {
                continue
            }
            wish.cellOverride = (0..<layoutX.cells.count * layoutY.cells.count).map { _ in
                pick([.empty, .empty, .cell, .cell, .solid])
            }
            // The planner would refuse many of them.
            for segment in segments(of: wish) where segment.cells.contains(where: { $0.contains(.empty) }) {
                let frame = SegmentFrame(segment, wish: wish)
                let loops = BodyOutline(frame: frame, tabs: TabPair(fit: wish.intersectionConnector?.fit ?? 10)).loops()
                let bodies = loops.count { LoopArea.twice($0) > 0 }
                if bodies != 1 { apart += 1 }
                guard segment.hangsTogether(wish) else {
                    shaped += 1
                    continue
                }
                skipped += 1
                #expect(bodies == 1, "seed \(seed), plate \(index), part \(segment.number): \(wish.canonicalText)")
            }
        }
        #expect(skipped > 30 && shaped > 30 && apart > 10, "\(skipped) skipped, \(shaped) shaped, \(apart) apart")
    }

    /// As the planner makes them, but for the check of their pieces.
    private func segments(of wish: PlateWish) -> [SegmentPlan] {
        guard let x = wish.layoutX, let y = wish.layoutY else { return [] }
        let padding = Sides(north: y.end, east: x.end, south: y.start, west: x.start)
        let strips = PaddingStrips(wish: wish, padding: padding)
        let arrangement = ArrangementSearch(
            x: PrintAxis(.width, layout: x, wish: wish, strips: strips),
            y: PrintAxis(.depth, layout: y, wish: wish, strips: strips), split: wish.split, isBalanced: true,
            stripPieces: { _ in 0 }
        ).best()
        guard let arrangement,
            let areas = try? StripAreas(
                wish: wish, layoutX: x, layoutY: y, strips: strips, arrangement: arrangement
            ).all()
        else { return [] }
        return PartGrid(wish: wish, layoutX: x, layoutY: y, strips: strips, areas: areas).segments()
            .filter { !$0.isStrip }
    }
}
