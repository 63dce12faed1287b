/// What has to be on, or chosen, for an option to count. An option that is said while it cannot count is a mistake of
/// whoever says it: it is refused, not forgotten (`FieldCheck`). Only what a saved configuration carries along
/// (`PlateRequest.savedNames`) is ignored, since such a file holds every parameter.
struct FieldNeed: Sendable {
    /// After "has no effect": `without magnets`.
    let missing: String
    /// What would let it count: `magnets true`.
    let mend: String
    let isMet: @Sendable (PlateRequest) -> Bool

    init(_ missing: String, _ mend: String, isMet: @escaping @Sendable (PlateRequest) -> Bool) {
        self.missing = missing
        self.mend = mend
        self.isMet = isMet
    }

    static let magnets = FieldNeed("without magnets", "magnets true") { $0.magnets ?? false }
    static let edgeConnector = FieldNeed("without edgeConnector", "edgeConnector true") { $0.edgeConnector ?? false }
    static let magnetBorder = FieldNeed("without edgeConnectorMagnetBorder", "edgeConnectorMagnetBorder true") {
        $0.edgeConnectorMagnetBorder ?? EdgeConnector().hasMagnetBorder
    }
    static let intersectionConnector = FieldNeed("without intersectionConnector", "intersectionConnector true") {
        $0.intersectionConnector ?? true
    }
    static let numbering = FieldNeed("without numbering", "numbering true") { $0.numbering ?? true }

    static let fractionX = filler("X", "fraction", \.fillerX)
    static let fractionY = filler("Y", "fraction", \.fillerY)
    static let dynamicX = filler("X", "dynamic", \.fillerX)
    static let dynamicY = filler("Y", "dynamic", \.fillerY)

    /// The side a magnet is glued in from has no skin.
    static let skinAbove = style(.glueFromTop)
    static let skinBelow = style(.glueFromBottom)
    /// A solid frame is all border.
    static let roundFrame = FieldNeed("with a solid frame", "magnetFrame round") { $0.magnetFrame != "solid" }

    /// A word that is no filler is told by itself.
    private static func filler(
        _ axis: String, _ word: String, _ path: PlateRequest.Field.Path<String>
    ) -> FieldNeed {
        FieldNeed("without filler\(axis) \(word)", "filler\(axis) \(word)") { request in
            let chosen = request[keyPath: path] ?? Filler.usualWord
            return chosen == word || !Filler.words.contains(chosen)
        }
    }

    private static func style(_ without: Magnets.Style) -> FieldNeed {
        let others = Magnets.Style.allCases.filter { $0 != without }.map(\.rawValue).joined(separator: " or ")
        return FieldNeed("with magnetStyle \(without.rawValue)", "magnetStyle \(others)") { request in
            request.magnetStyle != without.rawValue
        }
    }
}
