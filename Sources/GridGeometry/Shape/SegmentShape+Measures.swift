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

extension SegmentShape {
    /// Magnets a part takes: four in a whole cell, two in a half one, one in a quarter, none where there is no room.
    package static func magnetCount(of segment: SegmentPlan, wish: PlateWish) -> Int { segment.magnetCount(wish) }

    /// The box around a part, tabs included: south-west corner and size, and its height.
    package static func bounds(of slabs: [Slab]) -> (origin: Point, size: Size, height: Length) {
        let points = slabs.lazy.flatMap { $0.loops.lazy.flatMap { $0.bottom + $0.top } }
        guard let last = slabs.last, let first = slabs.first, !first.loops.isEmpty else {
            return (Point(0, 0), Size(width: .zero, depth: .zero), .zero)
        }
        let box = Box.around(points)
        return (
            Point(box.west, box.south),
            Size(
                width: Length(tenthMicrometres: box.width), depth: Length(tenthMicrometres: box.depth)),
            Length(tenthMicrometres: last.topZ - first.bottomZ)
        )
    }
}
