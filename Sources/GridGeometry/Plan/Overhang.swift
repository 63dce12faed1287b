/// How far a side that locks into a neighbour reaches beyond the body of its part: what the bed must hold as well.
package struct Overhang: Hashable, Sendable {
    /// North and east sides carry the male tabs.
    package let male: Length
    /// South and west sides carry the sockets, whose jaws reach out a little.
    package let female: Length

    /// Measured on upstream's plates and true of its drawing (yawkat/GridFlock, MIT): the male tab of the intersection
    /// puzzle ends 1.18 mm outside in both fits, the jaws of its socket 0.574 mm tight and 0.3 mm loose.
    static let intersectionMale = 11_800
    static let jawsTight = 5_740
    static let jawsLoose = 3_000
    /// Without a layer below the pockets a tab of the edge puzzle is cut where the neighbour's pocket begins.
    static let wallAtTheBottom = 28_500

    package init(of wish: PlateWish) {
        var male = 0
        var female = 0
        if let connector = wish.intersectionConnector {
            male = Self.intersectionMale
            female = Self.jawsLoose + ((Self.jawsTight - Self.jawsLoose) * connector.fit + 9) / 10
        }
        if let connector = wish.edgeConnector {
            let reach = connector.reach.tenthMicrometres
            // A solid cell has no pocket that would cut the tab.
            let isCut = wish.magnets == nil && wish.solidBase == .zero && !wish.cellOverride.contains(.solid)
            male = max(male, isCut ? min(reach, Self.wallAtTheBottom) : reach)
        }
        self.male = Length(tenthMicrometres: male)
        self.female = Length(tenthMicrometres: female)
    }
}

extension EdgeConnector {
    /// Of the male tab, away from the seam.
    package var reach: Length { bar.depth + neck.depth }
}
