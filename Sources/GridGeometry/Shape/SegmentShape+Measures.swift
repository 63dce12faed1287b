extension SegmentShape {
    /// In cubic millimetres. A slab's area is a quadratic function of the height, so Simpson's rule is exact.
    package static func volume(of slabs: [Slab]) -> Double {
        var sum = 0.0
        for slab in slabs {
            var twice = 0
            for loop in slab.loops {
                let middle = zip(loop.bottom, loop.top).map { Point($0.x + $1.x, $0.y + $1.y) }
                twice += LoopArea.twice(loop.bottom) + LoopArea.twice(middle) + LoopArea.twice(loop.top)
            }
            sum += Double(twice) * Double(slab.topZ - slab.bottomZ) / 12
        }
        return sum / 1e12
    }

    package static func volume(of segment: SegmentPlan, in plan: PlatePlan) throws -> Double {
        volume(of: try slabs(of: segment, in: plan))
    }
}
