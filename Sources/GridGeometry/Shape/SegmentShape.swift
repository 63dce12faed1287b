/// The solid of one part of a plate.
package enum SegmentShape {
    /// The part as stacked slabs, from its underside (z 0) upwards, in its own coordinates: (0, 0) is the south-west corner
    /// of its body, tabs reach into negative coordinates.
    package static func slabs(of segment: SegmentPlan, in plan: PlatePlan) throws -> [Slab] {
        let frame = SegmentFrame(segment, in: plan)
        let tabs = plan.wish.intersectionConnector.map { TabPair(fit: $0.fit) }
        let outline = BodyOutline(frame: frame, tabs: tabs).loops()
        return SlabStack(frame: frame, outline: outline).slabs()
    }
}
