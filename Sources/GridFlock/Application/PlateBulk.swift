import Artefacts
package import GridGeometry

/// How large a plate's files become, from its plan alone: what could not be kept is refused before it is made.
///
/// Triangles are reckoned so that there are never fewer: the numbers are the smallest sum that was enough for 4,700
/// parts of random wishes and of the heaviest plates, with 2 % to spare (on heavy parts 13 % too many in the middle).
/// Circles always have as many corners, so that sizes in millimetres do not count.
package enum PlateBulk {
    private static let trianglesOfPart = 500
    private static let trianglesOfCell = 515
    /// Beside, where the plate's edge cuts through the pocket's wall.
    private static let trianglesOfCutCell = 6_250
    private static let trianglesOfPressedMagnet = 605
    private static let trianglesOfGluedMagnet = 515
    private static let trianglesOfMagnetInSolid = 410
    private static let trianglesOfMagnetOverFloor = 135
    private static let trianglesOfJoint = 180
    /// Of the first tab of a cell's edge, and of each other beside it.
    private static let trianglesOfFirstEdgeTab = 1_990
    private static let trianglesOfOtherEdgeTab = 610
    /// Beside, through the layers of magnets and of a base.
    private static let trianglesOfLayeredJoint = 245
    private static let trianglesOfLayeredEdgeTab = 455
    private static let trianglesOfNumber = 1_200

    /// A binary STL has so many of a triangle; STL, 3MF and glTF together so many.
    private static let bytesOfSTLTriangle = 50
    private static let bytesOfTriangle = 80

    /// Of a part or of several: `growing` with the cells along one side of the plate, `fixed` with the parts beside each
    /// other along it.
    struct Triangles {
        var growing = 0
        var fixed = 0

        var all: Int { growing + fixed }
    }

    /// Triangles of the largest part, and of all parts that are made.
    package static func triangles(_ plan: PlatePlan) -> (largest: Int, all: Int) {
        let (largest, all) = triangles(plan, alongWidth: true)
        return (largest.all, all.all)
    }

    static func triangles(_ plan: PlatePlan, alongWidth: Bool) -> (largest: Triangles, all: Triangles) {
        var (largest, all) = (Triangles(), Triangles())
        var shapes: Set<SegmentShapeKey> = []
        for segment in plan.segments {
            // Numbered parts all differ; strips have no number.
            if plan.wish.numbering == nil || segment.isStrip {
                guard shapes.insert(SegmentShapeKey(segment)).inserted else { continue }
            }
            let triangles = triangles(segment, plan.wish, alongWidth: alongWidth)
            if triangles.all > largest.all { largest = triangles }
            all.growing += triangles.growing
            all.fixed += triangles.fixed
        }
        return (largest, all)
    }

    private static func triangles(_ segment: SegmentPlan, _ wish: PlateWish, alongWidth: Bool) -> Triangles {
        var triangles = Triangles(
            growing: trianglesOfCell * segment.columns.count * segment.rows.count, fixed: trianglesOfPart)
        if wish.numbering != nil, !segment.isStrip { triangles.fixed += trianglesOfNumber }
        if let magnets = wish.magnets {
            let overFloor = wish.solidBase > .zero ? trianglesOfMagnetOverFloor : 0
            let glued = magnets.frame == .solid ? trianglesOfMagnetInSolid : trianglesOfGluedMagnet
            let each = magnets.style == .pressFit ? trianglesOfPressedMagnet : glued
            triangles.growing += segment.magnetCount(wish) * (each + overFloor)
        }
        // Sides along the width, then those along the depth.
        var edges = (width: 0, depth: 0)
        func add(_ each: Int, _ sides: Sides<Int>) {
            edges.width += each * (sides.north + sides.south)
            edges.depth += each * (sides.east + sides.west)
        }
        add(trianglesOfCutCell, cells(of: segment, along: cuts(of: segment)))
        let hasLayers = wish.magnets != nil || wish.solidBase > .zero
        if wish.intersectionConnector != nil {
            let joints = segment.joints
            add(
                trianglesOfJoint + (hasLayers ? trianglesOfLayeredJoint : 0),
                Sides(
                    north: joints.north.count, east: joints.east.count, south: joints.south.count,
                    west: joints.west.count))
        }
        if let edge = wish.edgeConnector {
            let other = trianglesOfOtherEdgeTab + (hasLayers ? trianglesOfLayeredEdgeTab : 0)
            add(
                trianglesOfFirstEdgeTab + (edge.countPerCell - 1) * other,
                cells(of: segment, along: segment.hasEdgeTabs))
        }
        triangles.growing += alongWidth ? edges.width : edges.depth
        triangles.fixed += alongWidth ? edges.depth : edges.width
        return triangles
    }

    private static func cuts(of segment: SegmentPlan) -> Sides<Bool> {
        let padding = segment.padding
        return Sides(
            north: padding.north < .zero, east: padding.east < .zero, south: padding.south < .zero,
            west: padding.west < .zero)
    }

    private static func cells(of segment: SegmentPlan, along sides: Sides<Bool>) -> Sides<Int> {
        let (columns, rows) = (segment.columns.count, segment.rows.count)
        return Sides(
            north: sides.north ? columns : 0, east: sides.east ? rows : 0, south: sides.south ? columns : 0,
            west: sides.west ? rows : 0)
    }

    /// Whether all files of the plate can be kept: each as an artefact, and together as one design.
    package static func fits(_ plan: PlatePlan) -> Bool {
        let (largest, all) = triangles(plan)
        return millionths(largest: largest, all: all) <= whole
    }

    /// All that can be kept.
    static let whole = 1_000_000

    /// How much the files take of what can be kept, rounded up.
    static func millionths(largest: Int, all: Int) -> Int {
        func share(_ bytes: Int, _ most: Int) -> Int { (bytes * whole + most - 1) / most }
        return max(
            share(largest * bytesOfSTLTriangle, ArtefactStore.bytesMaximum),
            share(all * bytesOfTriangle, GridFlockLimits.designBytesMaximum))
    }

    package typealias Planning = (PlateWish) throws -> PlatePlan

    /// - Parameter planning: plans the smaller plates that are tried, `LongestPlate.trialsMaximum` at most.
    /// - Throws: a refusal of the drawer's longer side, with the longest that can be kept.
    package static func check(
        _ plan: PlatePlan, planning: @escaping Planning = { try Planner.plan($0) }
    ) throws(PlateRefusal) {
        guard !fits(plan) else { return }
        let isWidth = plan.wish.drawer.width >= plan.wish.drawer.depth
        let nearest = LongestPlate(wish: plan.wish, isWidth: isWidth, planning: planning).millimetres(below: plan)
            .map { String($0) }
        throw PlateRefusal(
            isWidth ? "drawerWidthMillimetres" : "drawerDepthMillimetres",
            "makes a plate whose files are too large to be kept",
            allowed: nearest.map { "at most \($0) mm, as the other fields are" }
                ?? "a smaller plate, or fewer features",
            nearest: nearest)
    }
}
