import GridGeometry
import Testing

@Suite struct PlateMakerTests {
    private static func plan(
        _ width: Double, _ depth: Double, bed: (Double, Double) = (250, 220),
        _ change: (inout PlateWish) -> Void = { _ in }
    ) throws -> PlatePlan {
        func size(_ width: Double, _ depth: Double) -> Size {
            Size(width: Length(millimetres: width), depth: Length(millimetres: depth))
        }
        var wish = PlateWish(drawer: size(width, depth), bed: size(bed.0, bed.1))
        change(&wish)
        return try Planner.plan(wish)
    }

    private static func make(
        _ plan: PlatePlan, _ formats: Set<PlateFormat>
    ) throws -> (reports: [SegmentReport], files: [PlateFile], done: [Int]) {
        var files: [PlateFile] = []
        var done: [Int] = []
        let reports = try PlateMaker.make(plan, formats: formats, title: "test") {
            done.append($0.done)
        } write: {
            files.append($0)
        }
        return (reports, files, done)
    }

    @Test func everySegmentIsReportedAndItsFileIsWhatItSays() throws {
        let plan = try Self.plan(371, 254)
        let (reports, files, done) = try Self.make(plan, Set(PlateFormat.allCases))
        #expect(reports.map(\.number) == Array(1...plan.segments.count))
        #expect(done == reports.map(\.number))
        #expect(files.map(\.name) == reports.compactMap(\.fileName) + ["plate.3mf", "plate.glb"])
        for (report, file) in zip(reports, files) {
            #expect(file.bytes.count == 84 + 50 * report.facts.triangleCount)
            #expect(file.mediaType == "model/stl")
            #expect(report.facts.size.width <= plan.wish.bed.width && report.facts.size.depth <= plan.wish.bed.depth)
        }
    }

    @Test func theAssembledPlateIsExactlyAsLargeAsAsked() throws {
        for (width, depth) in [(371.0, 254.0), (210.0, 252.0), (300.3, 99.9)] {
            let plan = try Self.plan(width, depth) { $0.numbering = nil }
            let reports = try Self.make(plan, []).reports
            let pairs = Array(zip(plan.segments, reports))
            let west = pairs.map { $0.origin.x + Int($1.facts.low.x) }.min()
            let east = pairs.map { $0.origin.x + Int($1.facts.high.x) }.max()
            let south = pairs.map { $0.origin.y + Int($1.facts.low.y) }.min()
            let north = pairs.map { $0.origin.y + Int($1.facts.high.y) }.max()
            #expect(west == 0 && south == 0)
            #expect(east == Length(millimetres: width).tenthMicrometres)
            #expect(north == Length(millimetres: depth).tenthMicrometres)
        }
    }

    @Test func equalSegmentsAreMadeOnceAndPlacedAgain() throws {
        // Without tabs, numbers and round corners a plate of four quarters is one part four times.
        let plan = try Self.plan(168, 168, bed: (90, 90)) {
            $0.numbering = nil
            $0.intersectionConnector = nil
            $0.cornerRadius = .zero
            $0.split.isStaggered = false
        }
        let (reports, files, _) = try Self.make(plan, Set(PlateFormat.allCases))
        #expect(reports.count == 4)
        #expect(reports.map(\.sameAs) == [1, 1, 1, 1])
        #expect(files.map(\.name) == ["segment-01.stl", "plate.3mf", "plate.glb"])
        let model = String(decoding: try ZipReading(files[1].bytes).entries[2].bytes, as: UTF8.self)
        #expect(model.split(separator: "<object ").count - 1 == 1)
        #expect(model.split(separator: "<item ").count - 1 == 4)
    }

    @Test func numberedSegmentsAllDiffer() throws {
        let plan = try Self.plan(168, 168, bed: (90, 90)) {
            $0.intersectionConnector = nil
            $0.split.isStaggered = false
        }
        #expect(try Self.make(plan, [.stl]).reports.map(\.sameAs) == [1, 2, 3, 4])
    }

    @Test func theSameWishIsTheSameFiles() throws {
        let plan = try Self.plan(90, 60) { $0.magnets = Magnets() }
        let (first, second) = (try Self.make(plan, [.stl, .glb]), try Self.make(plan, [.stl, .glb]))
        #expect(first.files == second.files)
    }

    @Test func whatTheReceiverThrowsEndsTheWork() throws {
        struct Full: Error {}
        let plan = try Self.plan(168, 84, bed: (90, 90))
        var count = 0
        #expect(throws: Full.self) {
            try PlateMaker.make(plan, formats: [.stl], title: "") { _ in
                count += 1
                throw Full()
            }
        }
        #expect(count == 1)
    }
}
