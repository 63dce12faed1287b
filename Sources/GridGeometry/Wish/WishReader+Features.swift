extension WishReader {
    func edgeConnector() -> EdgeConnector {
        var edge = EdgeConnector()
        edge.countPerCell = readable.edgeConnectorCountPerCell ?? edge.countPerCell
        edge.bar.width = length(readable.edgeConnectorBarWidthMillimetres, edge.bar.width)
        edge.bar.depth = length(readable.edgeConnectorBarDepthMillimetres, edge.bar.depth)
        edge.neck.width = length(readable.edgeConnectorNeckWidthMillimetres, edge.neck.width)
        edge.neck.depth = length(readable.edgeConnectorNeckDepthMillimetres, edge.neck.depth)
        edge.gap = length(readable.edgeConnectorGapMillimetres, edge.gap)
        edge.heightFemale = length(readable.edgeConnectorHeightMillimetres, edge.heightFemale)
        edge.maleDelta = length(readable.edgeConnectorMaleDeltaMillimetres, edge.maleDelta)
        edge.hasMagnetBorder = readable.edgeConnectorMagnetBorder ?? edge.hasMagnetBorder
        edge.magnetBorderWidth = length(
            readable.edgeConnectorMagnetBorderWidthMillimetres, edge.magnetBorderWidth)
        return edge
    }

    func magnets() -> Magnets {
        var magnets = Magnets()
        magnets.style = readable.magnetStyle.flatMap(Magnets.Style.init(rawValue:)) ?? magnets.style
        magnets.frame = readable.magnetFrame.flatMap(Magnets.Frame.init(rawValue:)) ?? magnets.frame
        magnets.diameter = length(readable.magnetDiameterMillimetres, magnets.diameter)
        magnets.height = length(readable.magnetHeightMillimetres, magnets.height)
        magnets.top = length(readable.magnetTopMillimetres, magnets.top)
        magnets.bottom = length(readable.magnetBottomMillimetres, magnets.bottom)
        magnets.border = length(readable.magnetBorderMillimetres, magnets.border)
        magnets.releaseWidth = length(readable.magnetReleaseWidthMillimetres, magnets.releaseWidth)
        return magnets
    }

    func numbering() -> Numbering {
        var numbering = Numbering()
        numbering.depth = length(readable.numberDepthMillimetres, numbering.depth)
        numbering.size = length(readable.numberSizeMillimetres, numbering.size)
        numbering.squeezedSize = length(readable.numberSqueezedSizeMillimetres, numbering.squeezedSize)
        return numbering
    }

    /// What cannot be read is refused with as many letters as there are cells.
    mutating func cellOverride(of wish: PlateWish) -> [CellKind] {
        guard let text = readable.cellOverride, !text.isEmpty else { return [] }
        let count = wish.layoutX.flatMap { x in wish.layoutY.map { x.cells.count * $0.cells.count } }
        let nearest = CellKind.letters(nearestTo: text, count: count ?? min(text.count, Self.longestOverride))
        guard text.utf8.count <= Self.longestOverride else {
            refuse(
                "cellOverride", "is too long", allowed: "at most \(Self.longestOverride) letters", nearest: nearest)
            return []
        }
        let kinds = text.map { CellKind(rawValue: String($0)) }
        if kinds.contains(nil) {
            refuse(
                "cellOverride", "has a letter that is no kind of cell", allowed: "c cell, s solid, e empty",
                nearest: nearest)
            return []
        }
        return kinds.compactMap(\.self)
    }

    /// More than the largest plate has cells of the smallest filler.
    private static let longestOverride = 10_000

    mutating func refuseLaterFeatures(_ wish: PlateWish) {
        for name in request.laterFeatures {
            let hasBase = wish.solidBase > .zero || wish.magnets?.frame == .solid
            let needsBase = name == "thumbScrews" || name == "thumbscrews"
            let base = needsBase && !hasBase ? "; they would also need a solid base or a solid magnet frame" : ""
            refuse(name, "is not made yet\(base)", allowed: "off", nearest: "false")
        }
    }
}

extension CellKind {
    /// So many letters: those of the text, large ones as small ones; `c` for what is none and for what is missing.
    static func letters(nearestTo text: String, count: Int) -> String {
        var letters = text.prefix(count).map { CellKind(rawValue: $0.lowercased())?.rawValue ?? cell.rawValue }
        letters += [String](repeating: cell.rawValue, count: count - letters.count)
        return letters.joined()
    }
}
