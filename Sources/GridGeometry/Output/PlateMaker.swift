/// Makes the files of a planned plate: each different segment is shaped, meshed and verified once, and nothing leaves
/// that was not. One mesh is in memory at a time; the 3MF file grows compressed.
package struct PlateMaker: ~Copyable {
    /// A segment is no solid: a fault of ours, never of the wish.
    package struct Fault: Error, Hashable, Sendable {
        package let segment: Int
        package let fault: MeshFault
    }

    /// How far it is, in segments.
    package struct Progress: Hashable, Sendable {
        package let done: Int
        package let total: Int
    }

    /// A shape that one or more segments have.
    private struct Shape {
        let slabs: [Slab]
        let fingerprint: UInt64
        let number: Int
        let facts: MeshFacts
        let fileName: String?
    }

    private let plan: PlatePlan
    private let isWritingSTL: Bool
    private var package: ThreeMF?
    private var preview: GLB?
    private var shapes: [Shape] = []

    /// - Parameters:
    ///   - title: of the plate, for people who open the 3MF file.
    ///   - progress: told after each segment.
    ///   - write: gets each file as soon as it is complete: STL files in the order of their numbers, then the others.
    /// - Returns: the segments in the order of their numbers.
    /// - Throws: `Fault`, `ZipWriter.Failure`, what shaping throws and what `write` throws.
    package static func make(
        _ plan: PlatePlan, formats: Set<PlateFormat>, title: String, progress: (Progress) -> Void = { _ in },
        write: (PlateFile) throws -> Void
    ) throws -> [SegmentReport] {
        var maker = PlateMaker(
            plan: plan, isWritingSTL: formats.contains(.stl),
            package: formats.contains(.threeMF) ? try ThreeMF(title: title) : nil,
            preview: formats.contains(.glb) ? GLB() : nil)
        return try maker.run(progress: progress, write: write)
    }

    private mutating func run(
        progress: (Progress) -> Void, write: (PlateFile) throws -> Void
    ) throws -> [SegmentReport] {
        var reports: [SegmentReport] = []
        var items: [PlateItem] = []
        for segment in plan.segments {
            let index = try shape(of: segment, write: write)
            let shape = shapes[index]
            items.append(PlateItem(number: segment.number, shape: index, place: segment.origin))
            reports.append(
                SegmentReport(
                    number: segment.number, sameAs: shape.number, facts: shape.facts, fileName: shape.fileName,
                    isNumbered: SegmentShape.isNumbered(segment, wish: plan.wish)))
            progress(Progress(done: reports.count, total: plan.segments.count))
        }
        if let package = package.take() {
            let bytes = try package.finish(items: items, origins: plan.printOrigins)
            try write(PlateFile(name: "plate.3mf", mediaType: "model/3mf", bytes: bytes))
        }
        if let preview {
            try write(
                PlateFile(name: "plate.glb", mediaType: "model/gltf-binary", bytes: preview.bytes(items: items)))
        }
        return reports
    }

    /// The index of the segment's shape, which is made when no segment before had it.
    private mutating func shape(of segment: SegmentPlan, write: (PlateFile) throws -> Void) throws -> Int {
        let slabs = try SegmentShape.slabs(of: segment, in: plan)
        let fingerprint = Self.fingerprint(of: slabs)
        if let known = shapes.firstIndex(where: { $0.fingerprint == fingerprint && $0.slabs == slabs }) { return known }
        let mesh: Mesh
        let facts: MeshFacts
        do throws(MeshFault) {
            mesh = try Mesher.mesh(slabs)
            facts = try MeshCheck.verify(mesh, bed: plan.wish.bed)
        } catch {
            throw Fault(segment: segment.number, fault: error)
        }
        let name = "segment \(segment.number)"
        var fileName: String?
        if isWritingSTL {
            let file = "segment-\(segment.number < 10 ? "0" : "")\(segment.number).stl"
            try write(
                PlateFile(name: file, mediaType: "model/stl", bytes: BinarySTL.bytes(of: mesh, name: name)))
            fileName = file
        }
        // The number that equal parts have in common, with what they are: the same design has the same part numbers.
        let partNumber = String(fingerprint, radix: 16)
        try package?.add(mesh, facts: facts, name: name, partNumber: partNumber)
        preview?.add(mesh, name: name)
        shapes.append(
            Shape(slabs: slabs, fingerprint: fingerprint, number: segment.number, facts: facts, fileName: fileName))
        return shapes.count - 1
    }

    /// FNV-1a over all coordinates: the same on every machine, unlike `hashValue`.
    private static func fingerprint(of slabs: [Slab]) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ number: Int) { value = (value ^ UInt64(bitPattern: Int64(number))) &* 0x0000_0100_0000_01B3 }
        for slab in slabs {
            mix(slab.bottomZ)
            mix(slab.topZ)
            for loop in slab.loops {
                mix(loop.bottom.count)
                for point in loop.bottom {
                    mix(point.x)
                    mix(point.y)
                }
                for point in loop.top {
                    mix(point.x)
                    mix(point.y)
                }
            }
        }
        return value
    }
}
