import Testing

@testable import GridGeometry

@Suite struct BedLayoutTests {
    private func size(_ width: Int, _ depth: Int) -> Size {
        Size(width: Length(tenthMicrometres: width * 10_000), depth: Length(tenthMicrometres: depth * 10_000))
    }

    @Test func theDeepestComeFirstAndRowsAreFilled() {
        let layout = BedLayout(sizes: [size(90, 40), size(90, 60), size(150, 100), size(30, 80)], bed: size(200, 180))
        #expect(layout.places == [Point(950_000, 1_050_000), Point(0, 1_050_000), Point(0, 0), Point(1_550_000, 0)])
        #expect(layout.beds == [0, 0, 0, 0] && layout.bedCount == 1)
    }

    @Test func whatHasNoRoomGoesOnTheNextBed() {
        func beds(_ count: Int) -> Int {
            BedLayout(sizes: [Size](repeating: size(100, 65), count: count), bed: size(205, 205)).bedCount
        }
        // Two of them beside each other, with 5 mm between, and three such rows.
        #expect(beds(0) == 0 && beds(6) == 1 && beds(7) == 2 && beds(13) == 3)
        let narrow = BedLayout(sizes: [size(100, 60), size(100, 60)], bed: size(204, 60))
        #expect(narrow.beds == [0, 1] && narrow.places == [Point(0, 0), Point(2_540_000, 0)])
    }

    @Test(arguments: 0..<50)
    func noTwoPartsOverlapAndNoneLeavesItsBed(seed: Int) {
        var random = SeededNumbers(seed: UInt64(seed))
        let bed = size(250, 220)
        let sizes = (0..<Int.random(in: 1...30, using: &random)).map { _ in
            size(Int.random(in: 10...250, using: &random), Int.random(in: 10...220, using: &random))
        }
        let layout = BedLayout(sizes: sizes, bed: bed)
        let boxes = zip(layout.places, sizes).map(Self.box)
        #expect(Self.faults(boxes, beds: layout.beds, bed: bed).isEmpty, "seed \(seed)")
        #expect(Set(layout.beds).count == layout.bedCount)
    }

    /// What the quote counts is what is laid out: the very shapes, where the file puts them, on as many beds, none beyond
    /// its bed and none in another's place.
    @Test(arguments: [0x5EED_0011 as UInt64])
    func theQuotesBedsAreThoseThatAreLaidOut(seed: UInt64) throws {
        var random = RandomWish(seed: seed, largest: 220)
        var (judged, shared) = (0, 0)
        while judged < 5 {
            let wish = random.wish()
            guard let plan = try? Planner.plan(wish), plan.segments.count > 1 else { continue }
            let boxes = try zip(plan.segments, plan.printOrigins).map { segment, origin in
                let bounds = SegmentShape.bounds(of: try SegmentShape.slabs(of: segment, in: plan))
                return Self.box(Point(origin.x + bounds.origin.x, origin.y + bounds.origin.y), bounds.size)
            }
            let beds = Self.beds(boxes, wish.bed)
            let text = "seed \(seed): \(wish.canonicalText)"
            #expect(Self.faults(boxes, beds: beds, bed: wish.bed).isEmpty, "\(text)")
            #expect(PlateQuote(plan).bedCount == Set(beds).count, "\(text)")
            judged += 1
            if Set(beds).count < boxes.count { shared += 1 }
        }
        #expect(shared > 0, "every part had a bed of its own: the test judges nothing")
    }

    /// The same, read from the file.
    @Test(arguments: [(130, 90, 100), (189, 126, 130), (100, 60, 64)])
    func theFileShowsTheQuotesBeds(width: Int, depth: Int, bed: Int) throws {
        var wish = PlateWish(drawer: size(width, depth), bed: size(bed, bed))
        wish.numbering = nil
        let plan = try Planner.plan(wish)
        var file: [UInt8] = []
        let reports = try PlateMaker.make(plan, formats: [.threeMF], title: "") { file = $0.bytes }
        let model = String(decoding: try ZipReading(file).entries[2].bytes, as: UTF8.self)
        let boxes = zip(model.split(separator: "<item ").dropFirst(), reports).map { item, report in
            let numbers = item.split(separator: "\"")[3].split(separator: " ").compactMap { Double($0) }
            let (x, y) = (Length(millimetres: numbers[9]), Length(millimetres: numbers[10]))
            let corner = Point(
                x.tenthMicrometres + Int(report.facts.low.x), y.tenthMicrometres + Int(report.facts.low.y))
            return Self.box(corner, report.facts.size)
        }
        let beds = Self.beds(boxes, wish.bed)
        #expect(boxes.count == plan.segments.count && boxes.count > 1)
        #expect(Self.faults(boxes, beds: beds, bed: wish.bed).isEmpty)
        #expect(PlateQuote(plan).bedCount == Set(beds).count)
    }

    private static func beds(_ boxes: [Box], _ bed: Size) -> [Int] {
        boxes.map { $0.west / (bed.width + BedLayout.bedGap).tenthMicrometres }
    }

    private static func box(_ place: Point, _ size: Size) -> Box {
        Box(
            west: place.x, south: place.y, east: place.x + size.width.tenthMicrometres,
            north: place.y + size.depth.tenthMicrometres)
    }

    private static func faults(_ boxes: [Box], beds: [Int], bed: Size) -> [String] {
        let pitch = bed.width.tenthMicrometres + 500_000
        var found: [String] = []
        for (index, box) in boxes.enumerated() {
            let west = beds[index] * pitch
            if box.west < west || box.east > west + bed.width.tenthMicrometres || box.south < 0
                || box.north > bed.depth.tenthMicrometres
            {
                found.append("part \(index) leaves its bed")
            }
            for other in 0..<index where boxes[other].overlaps(box) { found.append("\(other) and \(index) overlap") }
        }
        return found
    }
}
