import GridGeometry

/// What every plan must obey. Each rule gives sentences of what is broken; none when all is well.
struct PlanRules {
    let plan: PlatePlan

    func broken() -> [String] { area() + cells() + bed() + seams() }

    private var outer: (width: Int, depth: Int) {
        let wish = plan.wish
        return (
            (wish.plate.width + wish.edgeAdjust.west + wish.edgeAdjust.east).tenthMicrometres,
            (wish.plate.depth + wish.edgeAdjust.south + wish.edgeAdjust.north).tenthMicrometres
        )
    }

    private func box(_ segment: SegmentPlan) -> (west: Int, south: Int, east: Int, north: Int) {
        let size = segment.size
        return (
            segment.origin.x, segment.origin.y, segment.origin.x + size.width.tenthMicrometres,
            segment.origin.y + size.depth.tenthMicrometres
        )
    }

    /// The bodies cover the plate and do not overlap: their areas add up and each lies within it.
    private func area() -> [String] {
        var problems: [String] = []
        var sum = 0
        for segment in plan.segments {
            let box = box(segment)
            sum += (box.east - box.west) * (box.north - box.south)
            if box.west < 0 || box.south < 0 || box.east > outer.width || box.north > outer.depth {
                problems.append("part \(segment.number) lies outside of the plate")
            }
            if box.west >= box.east || box.south >= box.north { problems.append("part \(segment.number) is nothing") }
        }
        if sum != outer.width * outer.depth { problems.append("areas do not add up to the plate") }
        if plan.segments.map(\.number) != Array(1...plan.segments.count) { problems.append("numbers have gaps") }
        return problems
    }

    private func cells() -> [String] {
        var seen = [Int](repeating: 0, count: plan.columns.count * plan.rows.count)
        for segment in plan.segments {
            for row in segment.rows {
                for column in segment.columns { seen[row * plan.columns.count + column] += 1 }
            }
        }
        return seen.allSatisfy { $0 == 1 } ? [] : ["cells are not shared out exactly once"]
    }

    private func bed() -> [String] {
        let overhang = Overhang(of: plan.wish)
        return plan.segments.compactMap { segment in
            let printed = segment.printedSize(overhang)
            let fits = printed.width <= plan.wish.bed.width && printed.depth <= plan.wish.bed.depth
            return fits ? nil : "part \(segment.number) does not fit on the bed"
        }
    }

    /// Each male half tab meets exactly one socket half at the same place, and the other way round.
    private func seams() -> [String] {
        var males: [String] = []
        var females: [String] = []
        for segment in plan.segments {
            let box = box(segment)
            func halves(_ joints: [Joint], isUpright: Bool, line: Int, from: Int) -> [String] {
                joints.flatMap { joint -> [String] in
                    let at = from + joint.offset.tenthMicrometres
                    return (joint.hasBefore ? ["\(isUpright) \(line) \(at) before"] : [])
                        + (joint.hasAfter ? ["\(isUpright) \(line) \(at) after"] : [])
                }
            }
            males += halves(segment.joints.north, isUpright: false, line: box.north, from: box.west)
            males += halves(segment.joints.east, isUpright: true, line: box.east, from: box.south)
            females += halves(segment.joints.south, isUpright: false, line: box.south, from: box.west)
            females += halves(segment.joints.west, isUpright: true, line: box.west, from: box.south)
        }
        if Set(males).count != males.count { return ["a tab is made twice"] }
        return males.sorted() == females.sorted() ? [] : ["tabs and sockets do not match"]
    }

    /// Points inside the plate where four parts meet.
    var fourWayJoints: Int {
        var corners: [String: Int] = [:]
        for segment in plan.segments {
            let box = box(segment)
            for (x, y) in [(box.west, box.south), (box.west, box.north), (box.east, box.south), (box.east, box.north)] {
                corners["\(x) \(y)", default: 0] += 1
            }
        }
        return corners.values.count { $0 == 4 }
    }

    var narrowParts: Int {
        plan.segments.count { !$0.isStrip && ($0.columns.count == 1 || $0.rows.count == 1) }
    }
}
