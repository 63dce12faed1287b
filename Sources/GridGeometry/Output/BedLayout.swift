/// Parts laid out for printing, without turning: the quote counts these beds and the 3MF file shows them. On each bed
/// they stand in rows, the deepest first, each in the first row that has room for it.
package struct BedLayout: Hashable, Sendable {
    /// South-west corner of each part's box, in the order given; beds lie side by side and are counted in.
    package private(set) var places: [Point]
    /// The bed of each part, from 0.
    package private(set) var beds: [Int]
    package var bedCount: Int { loads.count }

    private var loads: [Load] = []

    /// Between parts.
    package static let gap = Length(millimetres: 5)
    /// Between beds.
    package static let bedGap = Length(millimetres: 50)

    private struct Row: Hashable, Sendable {
        let south: Int
        let depth: Int
        var nextWest: Int
    }

    private struct Load: Hashable, Sendable {
        var rows: [Row] = []
        var nextSouth = 0
    }

    /// - Parameter sizes: of the parts with their tabs; one that is larger than the bed gets a bed of its own.
    package init(sizes: [Size], bed: Size) {
        places = [Point](repeating: Point(0, 0), count: sizes.count)
        beds = [Int](repeating: 0, count: sizes.count)
        let deepestFirst = sizes.indices.sorted { left, right in
            let (one, other) = (sizes[left], sizes[right])
            return (other.depth, other.width, left) < (one.depth, one.width, right)
        }
        let pitch = (bed.width + Self.bedGap).tenthMicrometres
        // Beds only become fuller: where a part found no room, one of its size after it finds none.
        var (size, first) = (Size(width: .zero, depth: .zero), 0)
        for part in deepestFirst {
            if sizes[part] != size { (size, first) = (sizes[part], 0) }
            let (width, depth) = (size.width.tenthMicrometres, size.depth.tenthMicrometres)
            var chosen: (load: Int, place: Point)?
            while chosen == nil, first < loads.count {
                chosen = Self.place(width, depth, on: &loads[first], of: bed).map { (first, $0) }
                if chosen == nil { first += 1 }
            }
            if chosen == nil {
                loads.append(Load())
                chosen = (loads.count - 1, Self.openRow(width, depth, on: &loads[loads.count - 1]))
            }
            guard let (load, place) = chosen else { continue }
            beds[part] = load
            places[part] = Point(load * pitch + place.x, place.y)
        }
    }

    private static func place(_ width: Int, _ depth: Int, on load: inout Load, of bed: Size) -> Point? {
        for index in load.rows.indices {
            let row = load.rows[index]
            guard row.depth >= depth, row.nextWest + width <= bed.width.tenthMicrometres else { continue }
            load.rows[index].nextWest += width + gap.tenthMicrometres
            return Point(row.nextWest, row.south)
        }
        guard load.nextSouth + depth <= bed.depth.tenthMicrometres, width <= bed.width.tenthMicrometres else {
            return nil
        }
        return openRow(width, depth, on: &load)
    }

    /// A further row that begins with this part.
    private static func openRow(_ width: Int, _ depth: Int, on load: inout Load) -> Point {
        let south = load.nextSouth
        load.rows.append(Row(south: south, depth: depth, nextWest: width + gap.tenthMicrometres))
        load.nextSouth += depth + gap.tenthMicrometres
        return Point(0, south)
    }
}

extension PlatePlan {
    /// Its parts on the beds they take.
    package var bedLayout: BedLayout {
        let overhang = Overhang(of: wish)
        return BedLayout(sizes: segments.map { $0.printedSize(overhang) }, bed: wish.bed)
    }

    /// Where the south-west corner of each part's body, which is the origin of its shape, lies in that layout.
    package var printOrigins: [Point] {
        let overhang = Overhang(of: wish)
        return zip(segments, bedLayout.places).map { segment, place in
            let reach = segment.overhang(overhang)
            return Point(place.x + reach.west.tenthMicrometres, place.y + reach.south.tenthMicrometres)
        }
    }
}
