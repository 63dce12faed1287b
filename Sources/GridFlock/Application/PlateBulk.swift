import Artefacts
package import GridGeometry

/// How large a plate's files become, from its plan alone: what could not be kept is refused before it is made.
///
/// Triangles are reckoned from what was measured of the generator (press-fit magnets, numbers and both connectors at
/// their defaults); a test holds the sum to the real one. Circles always have as many corners, so that sizes in
/// millimetres do not count.
package enum PlateBulk {
    private static let trianglesOfCell = 380
    private static let trianglesOfMagnet = 450
    /// Beside, where a floor or the tabs of edges cut its wall into more layers.
    private static let trianglesOfMagnetOverFloor = 110
    private static let trianglesOfMagnetBesideTabs = 200
    private static let trianglesOfJoint = 220
    /// Of the first tab of a cell's edge, and of each other beside it.
    private static let trianglesOfFirstEdgeTab = 1_150
    private static let trianglesOfOtherEdgeTab = 300
    private static let trianglesOfNumber = 1_200
    private static let trianglesOfPart = 260

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
        if wish.numbering != nil, !segment.isStrip { triangles += trianglesOfNumber }
        let overFloor = wish.solidBase > .zero ? trianglesOfMagnetOverFloor : 0
        let besideTabs = wish.edgeConnector == nil ? 0 : trianglesOfMagnetBesideTabs
        triangles += segment.magnetCount(wish) * (trianglesOfMagnet + overFloor + besideTabs)
        let (joints, tabs) = (segment.joints, segment.hasEdgeTabs)
        if wish.intersectionConnector != nil {
            let count = joints.north.count + joints.east.count + joints.south.count + joints.west.count
            triangles += count * trianglesOfJoint
        }
        if let edge = wish.edgeConnector {
            let alongWidth = (tabs.north ? 1 : 0) + (tabs.south ? 1 : 0)
            let alongDepth = (tabs.east ? 1 : 0) + (tabs.west ? 1 : 0)
            let cells = alongWidth * segment.columns.count + alongDepth * segment.rows.count
            triangles +=
                cells * (trianglesOfFirstEdgeTab + (edge.countPerCell - 1) * trianglesOfOtherEdgeTab)
        }
        return triangles
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
