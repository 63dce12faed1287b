/// Which sides have their padding as strips of their own, and where these are cut.
///
/// The strips on the west and east take the corners of the plate; those on the south and north lie between them. A strip
/// is cut at cell borders, to the bed, and not where a seam of the parts beside it ends (no four-way joint).
struct PaddingStrips {
    /// Padding below this stays with the parts: a strip of one line of plastic cannot be handled.
    static let narrowest = Length(millimetres: 1)
    /// A socket is 1.26 mm deep: a strip below this width has neither tabs nor sockets and lies loose.
    static let narrowestLocking = Length(millimetres: 2)

    let isStrip: Sides<Bool>
    let locks: Sides<Bool>

    init(wish: PlateWish, padding: Sides<Length>) {
        // The sockets of the edge puzzle are wider than most strips.
        let canLock = wish.intersectionConnector != nil && wish.edgeConnector == nil
        func has(_ side: Length, _ least: Length) -> Bool { wish.hasSeparatePadding && side >= least }
        func all(_ least: Length) -> Sides<Bool> {
            Sides(
                north: has(padding.north, least), east: has(padding.east, least), south: has(padding.south, least),
                west: has(padding.west, least))
        }
        isStrip = all(Self.narrowest)
        locks = canLock ? all(Self.narrowestLocking) : Sides(all: false)
    }

    /// Cells along each piece of a strip beside parts whose seams are known.
    /// - Returns: nil when some piece fits on no bed.
    static func pieces(axis: PrintAxis, beside parts: [Int]) -> [Int]? {
        StaggeredSplit(
            axis: axis, evenLanes: 0, oddLanes: 1, evenCounted: 0, oddCounted: 0, fixedEven: parts, fixedOdd: nil
        ).best()?.odd
    }
}
