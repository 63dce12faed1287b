/// The solid of one part of a plate.
package enum SegmentShape {
    /// The part as stacked slabs, from its underside (z 0) upwards, in its own coordinates: (0, 0) is the south-west corner
    /// of its body, tabs reach into negative coordinates.
    package static func slabs(of segment: SegmentPlan, in plan: PlatePlan) throws(PlateRefusal) -> [Slab] {
        var shaper = PlateShaper(plan)
        return try shaper.slabs(of: segment)
    }
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
        let frame = SegmentFrame(segment, in: plan)
        try EdgeTabs.check(frame)
        let outline = BodyOutline(frame: frame, tabs: tabs).loops()
        let bodies = outline.reduce(0) { LoopArea.twice($1) > 0 ? $0 + 1 : $0 }
        guard bodies == 1 else {
            throw PlateRefusal(
                "cellOverride", "part \(segment.number) falls into \(bodies) pieces",
                allowed: "cells that hang together within each part")
        }
        return SlabStack(frame: frame, outline: outline, cache: &cache).slabs()
    }
}
