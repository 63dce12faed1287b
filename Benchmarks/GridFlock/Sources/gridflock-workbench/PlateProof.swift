import GridGeometry

/// Makes every part of a plate and proves it: closed when its STL is read again, one body, the volume that its sections
/// add up to, within the bed, and all parts together exactly as large as asked.
struct PlateProof {
    struct Fault: Error {
        let reason: String
    }

    private struct Shape {
        let slabs: [Slab]
        let body: STLReading.Body
        let file: [UInt8]
    }

    private var reading = STLReading()
    /// Of all plates: parts, those of them that are different, and their triangles.
    private(set) var parts = 0
    private(set) var shapes = 0
    private(set) var triangles = 0
    private(set) var largestTriangleCount = 0

    /// - Parameter isCompared: the files that the product writes are compared with those that were proved.
    mutating func prove(_ plan: PlatePlan, isCompared: Bool) throws {
        var shaper = PlateShaper(plan)
        var known: [Shape] = []
        var (low, high) = (Point(.max, .max), Point(.min, .min))
        for segment in plan.segments {
            let slabs = try shaper.slabs(of: segment)
            let body: STLReading.Body
            if let equal = known.first(where: { $0.slabs == slabs }) {
                body = equal.body
            } else {
                let shape = try self.shape(slabs, of: segment, in: plan, isKept: isCompared)
                body = shape.body
                known.append(shape)
            }
            low.x = min(low.x, segment.origin.x + body.low.x)
            low.y = min(low.y, segment.origin.y + body.low.y)
            high.x = max(high.x, segment.origin.x + body.high.x)
            high.y = max(high.y, segment.origin.y + body.high.y)
        }
        parts += plan.segments.count
        try checkOuterSize(of: plan, low: low, high: high)
        if isCompared { try compare(known, plan) }
    }

    private mutating func shape(
        _ slabs: [Slab], of segment: SegmentPlan, in plan: PlatePlan, isKept: Bool
    ) throws -> Shape {
        do {
            let mesh = try Mesher.mesh(slabs)
            let facts = try MeshCheck.verify(mesh, bed: plan.wish.bed)
            let file = try BinarySTL.bytes(of: mesh, name: "segment \(segment.number)")
            let body = try reading.read(file)
            let size = body.high &- body.low
            guard size.x <= plan.wish.bed.width.tenthMicrometres, size.y <= plan.wish.bed.depth.tenthMicrometres else {
                throw Fault(reason: "\(size.x) × \(size.y) is larger than the bed")
            }
            guard body.low.z == 0, body.high.z == plan.wish.height.tenthMicrometres else {
                throw Fault(reason: "it reaches from \(body.low.z) to \(body.high.z)")
            }
            guard facts.size.width.tenthMicrometres == size.x, facts.size.depth.tenthMicrometres == size.y,
                facts.triangleCount == body.triangleCount
            else { throw Fault(reason: "the file is not what was verified") }
            let volume = SegmentShape.volume(of: slabs)
            guard abs(body.cubicMillimetres - volume) <= 1e-4 * volume else {
                throw Fault(reason: "volume \(body.cubicMillimetres) instead of \(volume)")
            }
            shapes += 1
            triangles += body.triangleCount
            largestTriangleCount = max(largestTriangleCount, body.triangleCount)
            return Shape(slabs: slabs, body: body, file: isKept ? file : [])
        } catch let fault as Fault {
            throw Fault(reason: "part \(segment.number): \(fault.reason)")
        } catch let fault as STLReading.Fault {
            throw Fault(reason: "part \(segment.number): \(fault.reason)")
        } catch let fault as MeshFault {
            throw Fault(reason: "part \(segment.number): \(fault)")
        }
    }

    /// The assembled plate's box is the plate; cells at its rim that are left out may make it smaller.
    private func checkOuterSize(of plan: PlatePlan, low: Point, high: Point) throws {
        let adjust = plan.wish.edgeAdjust
        let size = plan.wish.plate
        let width = (size.width + adjust.west + adjust.east).tenthMicrometres
        let depth = (size.depth + adjust.south + adjust.north).tenthMicrometres
        let isRight =
            plan.wish.cellOverride.contains(.empty)
            ? low.x >= 0 && low.y >= 0 && high.x <= width && high.y <= depth
            : low == Point(0, 0) && high == Point(width, depth)
        guard isRight else {
            let box = "\(low.x), \(low.y) to \(high.x), \(high.y)"
            throw Fault(reason: "the plate reaches from \(box) instead of \(width), \(depth)")
        }
    }

    private func compare(_ shapes: [Shape], _ plan: PlatePlan) throws {
        var files: [[UInt8]] = []
        let reports = try PlateMaker.make(plan, formats: [.stl], title: "") { files.append($0.bytes) }
        guard files == shapes.map(\.file), reports.count == plan.segments.count else {
            throw Fault(reason: "the plate's files are not the same as those of its parts one by one")
        }
    }
}
