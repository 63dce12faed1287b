/// The outline of a pocket at one height: 11 points on each of the four arcs, the same number at every height, so that a
/// slope is a ruled surface between two rings.
enum PocketRing {
    /// Clockwise (a hole), starting at the south end of the south-east arc.
    static func hole(of cell: Box, inset: Int) -> [Point] {
        let radius = Profile.cornerCentre - inset
        let centre = Profile.cornerCentre
        let corners = [
            Point(cell.east - centre, cell.north - centre), Point(cell.west + centre, cell.north - centre),
            Point(cell.west + centre, cell.south + centre), Point(cell.east - centre, cell.south + centre),
        ]
        var ring: [Point] = []
        ring.reserveCapacity(44)
        for quadrant in 0..<4 {
            ring += CircleTable.quarter(centre: corners[quadrant], radius: radius, quadrant: quadrant)
        }
        ring.reverse()
        return ring
    }
}
