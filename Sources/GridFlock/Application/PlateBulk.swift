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

    /// Triangles of the largest part, and of all parts that are made.
    package static func triangles(_ plan: PlatePlan) -> (largest: Int, all: Int) {
        var (largest, all) = (0, 0)
        var shapes: Set<SegmentShapeKey> = []
        for segment in plan.segments {
            let isNew = shapes.insert(SegmentShapeKey(segment)).inserted
            // Numbered parts all differ; strips have no number.
            guard isNew || plan.wish.numbering != nil && !segment.isStrip else { continue }
            let triangles = triangles(segment, plan.wish)
            largest = max(largest, triangles)
            all += triangles
        }
        return (largest, all)
    }

    private static func triangles(_ segment: SegmentPlan, _ wish: PlateWish) -> Int {
        var triangles = trianglesOfPart + trianglesOfCell * segment.columns.count * segment.rows.count
        triangles += trianglesOfCutCell * cells(of: segment, along: cuts(of: segment))
        if wish.numbering != nil, !segment.isStrip { triangles += trianglesOfNumber }
        if let magnets = wish.magnets {
            let overFloor = wish.solidBase > .zero ? trianglesOfMagnetOverFloor : 0
            let glued = magnets.frame == .solid ? trianglesOfMagnetInSolid : trianglesOfGluedMagnet
            let each = magnets.style == .pressFit ? trianglesOfPressedMagnet : glued
            triangles += segment.magnetCount(wish) * (each + overFloor)
        }
        let hasLayers = wish.magnets != nil || wish.solidBase > .zero
        if wish.intersectionConnector != nil {
            let joints = segment.joints
            let count = joints.north.count + joints.east.count + joints.south.count + joints.west.count
            triangles += count * (trianglesOfJoint + (hasLayers ? trianglesOfLayeredJoint : 0))
        }
        if let edge = wish.edgeConnector {
            let other = trianglesOfOtherEdgeTab + (hasLayers ? trianglesOfLayeredEdgeTab : 0)
            triangles +=
                cells(of: segment, along: segment.hasEdgeTabs)
                * (trianglesOfFirstEdgeTab + (edge.countPerCell - 1) * other)
        }
        return triangles
    }

    private static func cuts(of segment: SegmentPlan) -> Sides<Bool> {
        let padding = segment.padding
        return Sides(
            north: padding.north < .zero, east: padding.east < .zero, south: padding.south < .zero,
            west: padding.west < .zero)
    }

    private static func cells(of segment: SegmentPlan, along sides: Sides<Bool>) -> Int {
        let alongWidth = (sides.north ? 1 : 0) + (sides.south ? 1 : 0)
        let alongDepth = (sides.east ? 1 : 0) + (sides.west ? 1 : 0)
        return alongWidth * segment.columns.count + alongDepth * segment.rows.count
    }

    /// Whether all files of the plate can be kept: each as an artefact, and together as one design.
    package static func fits(_ plan: PlatePlan) -> Bool {
        let (largest, all) = triangles(plan)
        return largest * bytesOfSTLTriangle <= ArtefactStore.bytesMaximum
            && all * bytesOfTriangle <= GridFlockLimits.designBytesMaximum
    }

    /// - Throws: a refusal of the drawer's longer side, with the longest that can be kept.
    package static func check(_ plan: PlatePlan) throws(PlateRefusal) {
        guard !fits(plan) else { return }
        let isWidth = plan.wish.drawer.width >= plan.wish.drawer.depth
        let nearest = nearest(to: plan, isWidth: isWidth)
        throw PlateRefusal(
            isWidth ? "drawerWidthMillimetres" : "drawerDepthMillimetres",
            "makes a plate whose files are too large to be kept",
            allowed: nearest.map { "at most \($0) mm, as the other fields are" }
                ?? "a smaller plate, or fewer features",
            nearest: nearest)
    }

    /// Whole millimetres. Files grow with the plate but for parts that are alike, so what was found is planned again.
    private static func nearest(to plan: PlatePlan, isWidth: Bool) -> String? {
        let side = isWidth ? plan.wish.drawer.width : plan.wish.drawer.depth
        var (least, most) = (0, Int(side.millimetres))
        var found: Int?
        while most - least > 1 {
            let middle = (least + most) / 2
            var wish = plan.wish
            let length = Length(millimetres: Double(middle))
            if isWidth { wish.drawer.width = length } else { wish.drawer.depth = length }
            // Manual splits, and cells that are said one by one, are of this very drawer.
            if let smaller = try? Planner.plan(wish), fits(smaller) {
                found = middle
                least = middle
            } else {
                most = middle
            }
        }
        return found.map { String($0) }
    }
}
