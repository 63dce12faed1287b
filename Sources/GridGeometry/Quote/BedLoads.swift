/// How many times a bed is filled to print all parts, laid out in shelves without turning: the largest first, each on
/// the first shelf that has room for it.
package enum BedLoads {
    private struct Shelf {
        var used: Int
        let depth: Int
    }

    private struct Load {
        var shelves: [Shelf] = []
        var used = 0
    }

    /// - Parameter sizes: of the parts with their tabs; each fits on the bed.
    package static func count(_ sizes: [Size], bed: Size, gap: Length) -> Int {
        let gap = gap.tenthMicrometres
        let width = bed.width.tenthMicrometres + gap
        let depth = bed.depth.tenthMicrometres + gap
        let parts = sizes.map { ($0.width.tenthMicrometres + gap, $0.depth.tenthMicrometres + gap) }
            .sorted { ($0.1, $0.0) > ($1.1, $1.0) }
        var loads: [Load] = []
        for (partWidth, partDepth) in parts {
            var isPlaced = false
            for index in loads.indices where !isPlaced {
                isPlaced = place(partWidth, partDepth, on: &loads[index], width: width, depth: depth)
            }
            if !isPlaced {
                loads.append(Load(shelves: [Shelf(used: partWidth, depth: partDepth)], used: partDepth))
            }
        }
        return loads.count
    }

    private static func place(
        _ partWidth: Int, _ partDepth: Int, on load: inout Load, width: Int, depth: Int
    ) -> Bool {
        for index in load.shelves.indices
        where load.shelves[index].depth >= partDepth && load.shelves[index].used + partWidth <= width {
            load.shelves[index].used += partWidth
            return true
        }
        guard load.used + partDepth <= depth else { return false }
        load.shelves.append(Shelf(used: partWidth, depth: partDepth))
        load.used += partDepth
        return true
    }
}
