import GridGeometry
import Testing

@Suite struct BedLayoutTests {
    private func size(_ width: Int, _ depth: Int) -> Size {
        Size(width: Length(tenthMicrometres: width * 10_000), depth: Length(tenthMicrometres: depth * 10_000))
    }

    @Test func partsFillRowsThenBeds() {
        let layout = BedLayout(boxes: [size(90, 40), size(90, 60), size(150, 100), size(30, 80)], bed: size(200, 180))
        #expect(layout.places == [Point(0, 0), Point(950_000, 0), Point(0, 650_000), Point(1_550_000, 650_000)])
        #expect(layout.beds == [0, 0, 0, 0])
    }

    @Test(arguments: 0..<50)
    func noTwoPartsOverlapAndNoneLeavesItsBed(seed: Int) {
        var random = SeededNumbers(seed: UInt64(seed))
        let bed = size(250, 220)
        let boxes = (0..<Int.random(in: 1...30, using: &random)).map { _ in
            size(Int.random(in: 10...250, using: &random), Int.random(in: 10...220, using: &random))
        }
        let layout = BedLayout(boxes: boxes, bed: bed)
        let pitch = bed.width.tenthMicrometres + 500_000
        for (index, place) in layout.places.enumerated() {
            let east = place.x + boxes[index].width.tenthMicrometres
            let north = place.y + boxes[index].depth.tenthMicrometres
            let west = layout.beds[index] * pitch
            #expect(place.x >= west && east <= west + bed.width.tenthMicrometres)
            #expect(place.y >= 0 && north <= bed.depth.tenthMicrometres)
            for (other, otherPlace) in layout.places.enumerated() where other < index {
                let isApart =
                    otherPlace.x >= east || otherPlace.y >= north
                    || otherPlace.x + boxes[other].width.tenthMicrometres <= place.x
                    || otherPlace.y + boxes[other].depth.tenthMicrometres <= place.y
                #expect(isApart, "\(index) and \(other) of seed \(seed)")
            }
        }
        #expect(layout.bedCount == (layout.beds.max() ?? -1) + 1)
    }
}
