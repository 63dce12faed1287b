import GridGeometry

/// A plate by the name that the reference measurements of the upstream generator give it.
struct SamplePlate {
    let name: String
    let wish: PlateWish

    struct Unknown: Error {
        let name: String
    }

    static func named(_ name: String) throws -> SamplePlate {
        guard let plate = all.first(where: { $0.name == name }) else { throw Unknown(name: name) }
        return plate
    }

    init(
        _ name: String, _ width: Double = 371, _ depth: Double = 254, bed: (Double, Double) = (250, 220),
        isNumbered: Bool = false, _ change: (inout PlateWish) -> Void = { _ in }
    ) {
        self.name = name
        func size(_ width: Double, _ depth: Double) -> Size {
            Size(width: Length(millimetres: width), depth: Length(millimetres: depth))
        }
        var wish = PlateWish(drawer: size(width, depth), bed: size(bed.0, bed.1))
        if !isNumbered { wish.numbering = nil }
        change(&wish)
        self.wish = wish
    }

    static let all: [SamplePlate] = plain + magnetic + connected

    private static let plain = [
        SamplePlate("c01", 42, 42),
        SamplePlate("c02", 126, 84),
        SamplePlate("c03", isNumbered: true),
        SamplePlate("c04"),
        SamplePlate("c05", 420, 420),
        SamplePlate("c06", 1000, 600, bed: (180, 180)),
        SamplePlate("c14") { $0.hasNoFiller() },
        SamplePlate("c15") {
            $0.hasNoFiller()
            ($0.alignmentX, $0.alignmentY) = (10, 10)
        },
        SamplePlate("c16") {
            $0.hasNoFiller()
            ($0.alignmentX, $0.alignmentY) = (0, 0)
        },
        SamplePlate("c17") {
            $0.hasNoFiller()
            ($0.alignmentX, $0.alignmentY) = (2, 8)
        },
        SamplePlate("c18") {
            $0.fillerX = .dynamic(minimum: Length(millimetres: 15))
            $0.fillerY = .dynamic(minimum: Length(millimetres: 15))
        },
        SamplePlate("c19") { ($0.fillerX, $0.fillerY) = (.fraction(3), .fraction(3)) },
        SamplePlate("c21") {
            $0.hasNoFiller()
            $0.hasSeparatePadding = true
        },
        SamplePlate("c30", 126, 84) { $0.cornerRadius = Length(millimetres: 1) },
        SamplePlate("c39", 84, 333, bed: (300, 320)) { $0.hasNoFiller() },
        SamplePlate("base") { $0.solidBase = Length(millimetres: 1) },
    ]

    private static let magnetic = [
        SamplePlate("c07") { $0.magnets = Magnets() },
        SamplePlate("c08") { $0.set(.glueFromTop, .solid) },
        SamplePlate("c09") { $0.set(.glueFromBottom, .round) },
        SamplePlate("c12") {
            $0.magnets = Magnets()
            $0.hasEdgeTabsOnly()
        },
        SamplePlate("c35", 1000, 600, bed: (180, 180), isNumbered: true) { $0.magnets = Magnets() },
        SamplePlate("c36", 84, 84, bed: (50, 50)) { $0.magnets = Magnets() },
        SamplePlate("c37") { $0.set(.glueFromTop, .round) },
        SamplePlate("c38", 600, 400, bed: (256, 256), isNumbered: true) { $0.magnets = Magnets() },
        SamplePlate("thirds") {
            ($0.fillerX, $0.fillerY) = (.fraction(3), .fraction(3))
            $0.magnets = Magnets()
        },
    ]

    private static let connected = [
        SamplePlate("c10") { $0.intersectionConnector?.fit = 0 },
        SamplePlate("c11") { $0.hasEdgeTabsOnly() },
        SamplePlate("c13", 168, 168, bed: (100, 100)) {
            $0.magnets = Magnets()
            $0.hasEdgeTabsOnly()
            $0.edgeConnector?.countPerCell = 3
            $0.edgeConnector?.heightFemale = Length(millimetres: 4.65)
            $0.edgeConnector?.maleDelta = .zero
        },
        SamplePlate("c33") { $0.intersectionConnector = nil },
        SamplePlate("both-tabs") { $0.edgeConnector = EdgeConnector() },
    ]
}

extension PlateWish {
    fileprivate mutating func hasNoFiller() { (fillerX, fillerY) = (.none, .none) }

    fileprivate mutating func hasEdgeTabsOnly() {
        intersectionConnector = nil
        edgeConnector = EdgeConnector()
    }

    fileprivate mutating func set(_ style: Magnets.Style, _ frame: Magnets.Frame) {
        var chosen = Magnets()
        (chosen.style, chosen.frame) = (style, frame)
        magnets = chosen
    }
}
