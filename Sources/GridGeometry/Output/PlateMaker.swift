/// Makes the files of a planned plate: each different segment is shaped, meshed and verified once, and nothing leaves
/// that was not. One mesh is in memory at a time; the 3MF file grows compressed. Files come one by one, so that nobody
/// needs to have all of them.
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

    /// Of the 3MF file.
    package static let packageName = "plate.3mf"

    private let plan: PlatePlan
    private let isWritingSTL: Bool
    private var package: ThreeMF?
    private var preview: GLB?
    private var shapes: [Shape] = []
    private var items: [PlateItem] = []
    /// The segments that are made, in the order of their numbers: all of them once `next` has given nil.
    package private(set) var reports: [SegmentReport] = []

    /// - Parameter title: of the plate, for people who open the 3MF file.
    /// - Throws: `ZipWriter.Failure`.
    package init(_ plan: PlatePlan, formats: Set<PlateFormat>, title: String) throws {
        self.plan = plan
        isWritingSTL = formats.contains(.stl)
        package = formats.contains(.threeMF) ? try ThreeMF(title: title) : nil
        preview = formats.contains(.glb) ? GLB() : nil
    }

    /// Makes all of them.
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
        var maker = try PlateMaker(plan, formats: formats, title: title)
        while let file = try maker.next(progress: progress) { try write(file) }
        return maker.reports
    }

    /// The next file: STL files in the order of their numbers, then the others; nil when there is none any more.
    /// - Throws: `Fault`, `ZipWriter.Failure` and what shaping throws; then there is nothing more to be had of it.
    package mutating func next(progress: (Progress) -> Void = { _ in }) throws -> PlateFile? {
        while reports.count < plan.segments.count {
            let segment = plan.segments[reports.count]
            let (index, file) = try shape(of: segment)
            let shape = shapes[index]
            items.append(PlateItem(number: segment.number, shape: index, place: segment.origin))
            reports.append(
                SegmentReport(
                    number: segment.number, sameAs: shape.number, facts: shape.facts, fileName: shape.fileName,
                    isNumbered: SegmentShape.isNumbered(segment, wish: plan.wish)))
            progress(Progress(done: reports.count, total: plan.segments.count))
            if let file { return file }
        }
        if let package = package.take() {
            let bytes = try package.finish(items: items, origins: plan.printOrigins)
            return PlateFile(name: Self.packageName, mediaType: "model/3mf", bytes: bytes)
        }
        if let preview = preview.take() {
            return PlateFile(name: "plate.glb", mediaType: "model/gltf-binary", bytes: preview.bytes(items: items))
        }
        return nil
    }

    /// The index of the segment's shape, which is made when no segment before had it, and then its file.
    private mutating func shape(of segment: SegmentPlan) throws -> (index: Int, file: PlateFile?) {
        let slabs = try SegmentShape.slabs(of: segment, in: plan)
        let fingerprint = Self.fingerprint(of: slabs)
        if let known = shapes.firstIndex(where: { $0.fingerprint == fingerprint && $0.slabs == slabs }) {
            return (known, nil)
        }
        let mesh: Mesh
        let facts: MeshFacts
        do throws(MeshFault) {
            mesh = try Mesher.mesh(slabs)
            facts = try MeshCheck.verify(mesh, bed: plan.wish.bed)
        } catch {
            throw Fault(segment: segment.number, fault: error)
        }
        let name = "segment \(segment.number)"
        var file: PlateFile?
        if isWritingSTL {
            file = PlateFile(
                name: "segment-\(segment.number < 10 ? "0" : "")\(segment.number).stl", mediaType: "model/stl",
                bytes: try BinarySTL.bytes(of: mesh, name: name))
        }
        // The number that equal parts have in common, with what they are: the same design has the same part numbers.
        let partNumber = String(fingerprint, radix: 16)
        try package?.add(mesh, facts: facts, name: name, partNumber: partNumber)
        preview?.add(mesh, name: name)
        shapes.append(
            Shape(slabs: slabs, fingerprint: fingerprint, number: segment.number, facts: facts, fileName: file?.name))
        return (shapes.count - 1, file)
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
