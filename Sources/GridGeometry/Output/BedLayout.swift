/// Parts laid out for printing: in rows on a bed, with as many beds side by side as it takes. Parts stay in their order
/// and are not turned; each goes onto the first bed that has room in its last row or for a further row.
package struct BedLayout: Hashable, Sendable {
    /// South-west corner of each part's box, beds counted in.
    package private(set) var places: [Point] = []
    /// The bed of each part, from 0.
    package private(set) var beds: [Int] = []
    package private(set) var bedCount = 0

    /// Between parts, and between beds.
    private static let gap = 50_000
    private static let bedGap = 500_000

    private struct Bed {
        var rowSouth = 0
        var rowDepth = 0
        var nextWest = 0
    }

    package init(boxes: [Size], bed: Size) {
        let (width, depth) = (bed.width.tenthMicrometres, bed.depth.tenthMicrometres)
        var open: [Bed] = []
        for box in boxes {
            let (boxWidth, boxDepth) = (box.width.tenthMicrometres, box.depth.tenthMicrometres)
            var chosen: Int?
            for index in open.indices {
                let fitsRow =
                    open[index].nextWest + boxWidth <= width && open[index].rowSouth + boxDepth <= depth
                let nextSouth = open[index].rowSouth + open[index].rowDepth + Self.gap
                if fitsRow || nextSouth + boxDepth <= depth && boxWidth <= width {
                    if !fitsRow { open[index] = Bed(rowSouth: nextSouth) }
                    chosen = index
                    break
                }
            }
            let index = chosen ?? open.count
            if chosen == nil { open.append(Bed()) }
            places.append(Point(index * (width + Self.bedGap) + open[index].nextWest, open[index].rowSouth))
            beds.append(index)
            open[index].nextWest += boxWidth + Self.gap
            open[index].rowDepth = max(open[index].rowDepth, boxDepth)
        }
        bedCount = open.count
    }
}
