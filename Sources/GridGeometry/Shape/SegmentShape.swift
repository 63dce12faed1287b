/// The solid of one part of a plate.
package enum SegmentShape {
    /// The part as stacked slabs, from its underside (z 0) upwards, in its own coordinates: (0, 0) is the south-west corner
    /// of its body, tabs reach into negative coordinates.
    package static func slabs(of segment: SegmentPlan, in plan: PlatePlan) throws(PlateRefusal) -> [Slab] {
        var shaper = PlateShaper(plan)
        return try shaper.slabs(of: segment)
    }

    /// What no part could be made with, whatever the plan: an edge puzzle that ends within a slope or leaves its wall
    /// hanging in the air.
    package static func check(_ wish: PlateWish) throws(PlateRefusal) { try EdgeTabs.check(wish) }
}

/// Shapes the segments of one plate; what they have in common is worked out once.
package struct PlateShaper {
    package let plan: PlatePlan
    private let tabs: TabPair?
    private var cache = CellCache()

    package init(_ plan: PlatePlan) {
        self.plan = plan
        tabs = plan.wish.intersectionConnector.map { TabPair(fit: $0.fit) }
    }

    package mutating func slabs(of segment: SegmentPlan) throws(PlateRefusal) -> [Slab] {
        let frame = SegmentFrame(segment, wish: plan.wish)
        try SegmentShape.check(plan.wish)
        let outline = try outline(of: frame)
        let slabs = SlabStack(frame: frame, outline: outline, cache: &cache).slabs()
        if CutEdges(frame).reachesPastWalls {
            try checkOneBody(slabs, of: segment, orElse: .deepCut)
        } else if segment.hasOpenSlots(plan.wish) {
            try checkOneBody(slabs, of: segment, orElse: .openSlot)
        }
        return slabs
    }

    private func outline(of frame: SegmentFrame) throws(PlateRefusal) -> [[Point]] {
        let outline = BodyOutline(frame: frame, tabs: tabs).loops()
        let bodies = outline.reduce(0) { LoopArea.twice($1) > 0 ? $0 + 1 : $0 }
        guard bodies == 1 else {
            throw PlateRefusal(
                "cellOverride", "part \(frame.segment.number) falls into \(bodies) pieces",
                allowed: "cells that hang together within each part")
        }
        return outline
    }

    /// What only the shapes of the parts tell: pieces that empty cells or deep cuts leave. Parts that cannot fall apart
    /// are not shaped, so that a plan stays quick.
    mutating func checkPieces() throws(PlateRefusal) {
        var seen = Set<SegmentShapeKey>()
        for segment in plan.segments where segment.mayFallApart || segment.hasOpenSlots(plan.wish) {
            guard seen.insert(SegmentShapeKey(segment)).inserted else { continue }
            let frame = SegmentFrame(segment, wish: plan.wish)
            if CutEdges(frame).mayLeavePieces || segment.hasOpenSlots(plan.wish) {
                _ = try slabs(of: segment)
            } else if segment.cells.contains(where: { $0.contains(.empty) }), !segment.hangsTogether(plan.wish) {
                _ = try outline(of: frame)
            }
        }
    }

    /// What takes so much of a part away that only the solid itself tells whether pieces are left.
    private enum Loss {
        /// Cuts that take whole walls away.
        case deepCut
        /// Slots of edge tabs between magnets, with no bar behind them.
        case openSlot
    }

    private func checkOneBody(_ slabs: [Slab], of segment: SegmentPlan, orElse loss: Loss) throws(PlateRefusal) {
        do {
            _ = try MeshCheck.verify(Mesher.mesh(slabs))
        } catch {
            guard case .severalBodies(let count) = error else { return }
            let reason = "part \(segment.number) falls into \(count) pieces"
            throw switch loss {
            case .deepCut:
                PlateRefusal(
                    "edgeAdjustMillimetres", reason,
                    allowed: "cuts of less than 2.1 mm, which leave the walls of the outer cells standing",
                    nearest: "-2.1")
            case .openSlot:
                PlateRefusal(
                    "edgeConnectorMagnetBorder", reason, allowed: "true, which keeps a bar behind the slots",
                    nearest: "true")
            }
        }
    }
}

extension SegmentPlan {
    /// Something is cut off or left out of it.
    var mayFallApart: Bool {
        guard !isStrip else { return false }
        return min(padding.north, padding.east, padding.south, padding.west) < .zero
            || cells.contains { $0.contains(.empty) }
    }

    /// Slots reach past the walls in the layer of magnets, or leave little of a small cell's, and nothing is behind them.
    func hasOpenSlots(_ wish: PlateWish) -> Bool {
        guard !isStrip, wish.magnets != nil, let edge = wish.edgeConnector, !edge.hasMagnetBorder else { return false }
        let isDeep = edge.bar.depth + edge.neck.depth + edge.gap > Self.usualSlotDepth
        let least = edge.bar.width + edge.gap + edge.gap + Self.besideSlot
        return isDeep || (cellWidths + cellDepths).contains { $0 < least }
    }

    private static let usualSlotDepth = Length(millimetres: 4)
    private static let besideSlot = Length(millimetres: 8)
}
