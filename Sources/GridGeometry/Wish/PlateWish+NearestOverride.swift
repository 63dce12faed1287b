extension PlateWish {
    /// The override with pockets instead of the empty cells of these parts, which then are in one piece; as it is written
    /// in a request. Nil without an override.
    func cellOverride(filling segments: [SegmentPlan], columns: Int) -> String? {
        guard !cellOverride.isEmpty else { return nil }
        var kinds = cellOverride
        for segment in segments {
            for row in segment.rows {
                for column in segment.columns where kinds[row * columns + column] == .empty {
                    kinds[row * columns + column] = .cell
                }
            }
        }
        return kinds.map(\.rawValue).joined()
    }

    /// The same of a plate of which nothing is left.
    var cellOverrideOfCells: String { cellOverride.map { $0 == .empty ? "c" : $0.rawValue }.joined() }
}

extension PlateRefusal {
    /// With the nearest override where only the shapes of the parts told that empty cells leave pieces.
    func mended(by plan: PlatePlan) -> PlateRefusal {
        PlateRefusal(
            items.map { item in
                guard item.field == "cellOverride", item.nearest == nil else { return item }
                return item.with(
                    nearest: plan.wish.cellOverride(filling: plan.segments, columns: plan.columns.count))
            })
    }
}
