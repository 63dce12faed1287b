import GridGeometry

/// Numbers that are the same for the same seed on every machine (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

enum SampleSolids {
    static func rectangle(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int) -> [Point] {
        [Point(x0, y0), Point(x1, y0), Point(x1, y1), Point(x0, y1)]
    }

    static func box(_ side: Int) -> [Slab] {
        [Slab(bottomZ: 0, topZ: side, loops: [.init(prism: rectangle(0, 0, side, side))])]
    }

    /// A ring of 44 points around a cell, clockwise (a hole), `inset` inwards; corner centres stay where they are, as
    /// in a Gridfinity pocket. Chords from a table of tenths of a quarter turn, scaled by 1000.
    static func pocketRing(x: Int, y: Int, pitch: Int, centreInset: Int, inset: Int) -> [Point] {
        let cosines = [1000, 988, 951, 891, 809, 707, 588, 454, 309, 156, 0]
        let radius = centreInset - inset
        var points: [Point] = []
        let corners = [
            (pitch - centreInset, centreInset), (pitch - centreInset, pitch - centreInset),
            (centreInset, pitch - centreInset), (centreInset, centreInset),
        ]
        for (quarter, corner) in corners.enumerated() {
            for step in 0...10 {
                let (cosine, sine) = (cosines[step] * radius / 1000, cosines[10 - step] * radius / 1000)
                // Counter-clockwise from the south-east corner's lowest point.
                let (dx, dy) = [(sine, -cosine), (cosine, sine), (-sine, cosine), (-cosine, -sine)][quarter]
                points.append(Point(x + corner.0 + dx, y + corner.1 + dy))
            }
        }
        return points.reversed()
    }

    /// A plate of whole cells: three slabs, pockets that meet in ridges at the top.
    static func plate(columns: Int, rows: Int) -> [Slab] {
        let pitch = 420_000
        let outline = Slab.Loop(prism: rectangle(0, 0, columns * pitch, rows * pitch))
        func slab(_ bottomZ: Int, _ topZ: Int, _ bottomInset: Int, _ topInset: Int) -> Slab {
            var loops = [outline]
            for column in 0..<columns {
                for row in 0..<rows {
                    func ring(_ inset: Int) -> [Point] {
                        pocketRing(
                            x: column * pitch, y: row * pitch, pitch: pitch, centreInset: 40_000, inset: inset)
                    }
                    loops.append(.init(bottom: ring(bottomInset), top: ring(topInset)))
                }
            }
            return Slab(bottomZ: bottomZ, topZ: topZ, loops: loops)
        }
        return [
            slab(0, 7_000, 28_500, 21_500), slab(7_000, 25_000, 21_500, 21_500), slab(25_000, 46_500, 21_500, 0),
        ]
    }

    /// An outline of up to 40 corners that the origin sees all of.
    static func star(radius: Int, random: inout SeededNumbers) -> [Point] {
        // Directions of a 40-gon as (cosine, sine) in thousandths, from one quarter.
        let quarter = [
            (1000, 0), (988, 156), (951, 309), (891, 454), (809, 588), (707, 707), (588, 809), (454, 891), (309, 951),
            (156, 988),
        ]
        let directions =
            quarter + quarter.map { (-$0.1, $0.0) } + quarter.map { (-$0.0, -$0.1) } + quarter.map { ($0.1, -$0.0) }
        return directions.enumerated().compactMap { index, direction in
            // Never three in a row left out, so that the turn to the next stays below half a circle.
            guard index % 3 == 0 || Bool.random(using: &random) else { return nil }
            let length = Int.random(in: radius / 3...radius, using: &random)
            return Point(direction.0 * length / 1000, direction.1 * length / 1000)
        }
    }

    static func doubleArea(_ outline: [Point]) -> Int {
        outline.indices.reduce(0) { sum, index in
            let (a, b) = (outline[index], outline[(index + 1) % outline.count])
            return sum + a.x * b.y - a.y * b.x
        }
    }
}
