/// The edge puzzle of a segment: tabs on north and east, sockets in south and west, both from the underside up to a height.
struct EdgeTabs {
    let male: EdgeTab
    let female: EdgeTab
    let malePlaces: [EdgeTabPlace]
    let femalePlaces: [EdgeTabPlace]
    /// Over the pockets' bottoms.
    let maleTop: Int
    let femaleTop: Int

    init?(_ frame: SegmentFrame) {
        guard let connector = frame.wish.edgeConnector else { return nil }
        male = EdgeTab(connector, isMale: true)
        female = EdgeTab(connector, isMale: false)
        var males: [EdgeTabPlace] = []
        var females: [EdgeTabPlace] = []
        for side in Side.allCases {
            let places = EdgeTabPlace.places(on: side, of: frame, connector: connector)
            if side.isMale { males += places } else { females += places }
        }
        malePlaces = males
        femalePlaces = females
        femaleTop = min(connector.heightFemale.tenthMicrometres, Profile.height)
        maleTop = min((connector.heightFemale - connector.maleDelta).tenthMicrometres, Profile.height)
    }

    var isEmpty: Bool { malePlaces.isEmpty && femalePlaces.isEmpty }

    /// Heights at which the edge puzzle changes the outline.
    var levels: [Int] {
        var levels: [Int] = []
        if !femalePlaces.isEmpty { levels += [femaleTop, Profile.height - female.shoulder] }
        if !malePlaces.isEmpty { levels += [maleTop, Profile.height - male.shoulder] }
        return levels
    }

    /// Why a connector cannot be made, whatever the plate.
    static func check(_ wish: PlateWish) throws(PlateRefusal) {
        guard let connector = wish.edgeConnector else { return }
        let narrowest = connector.neck.width + connector.neck.depth + Length(tenthMicrometres: EdgeTab.leastShoulder)
        if connector.bar.width < narrowest {
            throw PlateRefusal(
                "edgeConnectorBarWidthMillimetres", "leaves no shoulder beside the neck",
                allowed: "at least the neck's width and depth and 0.8 mm",
                nearest: MillimetreText.of(narrowest))
        }
        let reach = connector.reach.tenthMicrometres
        let film = 1_000
        if reach > Profile.uprightInset - film, reach < Profile.bottomInset + film {
            throw PlateRefusal(
                "edgeConnectorBarDepthMillimetres", "the socket ends within the slope of the pocket's wall",
                allowed: "bar and neck together at most 2.05 mm or at least 2.95 mm")
        }
        if reach <= Profile.uprightInset - film, connector.heightFemale.tenthMicrometres > Profile.upperSlopeBottom {
            throw PlateRefusal(
                "edgeConnectorHeightMillimetres", "a socket that ends within the wall meets the upper slope",
                allowed: "at most 2.5 mm, or bar and neck together at least 2.95 mm", nearest: "2.5")
        }
        let magnets = wish.magnets
        if let magnets {
            // A hole that just touches a socket would leave an edge of four faces.
            let edge = MagnetPlace.distance - magnets.diameter.tenthMicrometres / 2
            if abs(edge - reach) < 100 {
                throw PlateRefusal(
                    "magnetDiameterMillimetres", "the magnet's hole touches the edge puzzle's socket",
                    allowed: "0.05 mm more or less",
                    nearest: MillimetreText.of(magnets.diameter - Length(millimetres: 0.05)))
            }
            let most = MagnetPlace.distance + magnets.diameter.tenthMicrometres / 2 - 2 * film
            if magnets.style == .pressFit, connector.hasMagnetBorder, reach > most {
                throw PlateRefusal(
                    "edgeConnectorBarDepthMillimetres", "the bar behind the sockets closes the magnets' way in",
                    allowed: "bar and neck together at most \(MillimetreText.of(Length(tenthMicrometres: most))) mm")
            }
        }
        let hasFloor =
            wish.solidBase > .zero || (magnets != nil && (magnets?.frame == .solid || connector.hasMagnetBorder))
        if connector.heightFemale.tenthMicrometres > Profile.height - 5_000, !hasFloor {
            throw PlateRefusal(
                "edgeConnectorHeightMillimetres", "nothing would hold the wall between the sockets",
                allowed: "at most 4.15 mm, or a solid base or magnets with a border behind the sockets", nearest: "4.15"
            )
        }
    }
}
