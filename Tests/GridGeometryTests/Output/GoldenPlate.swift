import GridGeometry

/// One small plate for each feature, with the fingerprints of its files: STL files one after the other, each part of the
/// 3MF, GLB, and plan and assembly sheet together. A row changes when that feature's geometry, file or drawing does; look
/// at why before a new one is taken over (the test prints it).
struct GoldenPlate {
    let name: String
    let wish: PlateWish

    private init(
        _ name: String, _ width: Double, _ depth: Double, bed: Double = 60,
        _ change: (inout PlateWish) -> Void = { _ in }
    ) {
        self.name = name
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: Length(millimetres: bed), depth: Length(millimetres: bed)))
        wish.numbering = nil
        change(&wish)
        self.wish = wish
    }

    static let all: [GoldenPlate] = cells + tabs + magnetic + rest

    private static let cells = [
        GoldenPlate("plain", 84, 42),
        GoldenPlate("fraction", 100, 63) { $0.fillerX = .fraction(3) },
        GoldenPlate("dynamic", 101, 47) {
            ($0.fillerX, $0.fillerY) = (
                .dynamic(minimum: Length(millimetres: 15)), .dynamic(minimum: Length(millimetres: 15))
            )
        },
        GoldenPlate("strips", 94, 50) {
            ($0.fillerX, $0.fillerY) = (.none, .none)
            $0.hasSeparatePadding = true
        },
        GoldenPlate("staggered", 126, 84, bed: 95) { $0.bed.depth = Length(millimetres: 50) },
        GoldenPlate("manual splits", 126, 84, bed: 95) {
            ($0.split.columns, $0.split.rowsEven, $0.split.rowsOdd) = ([1, 2], [2], [1, 1])
        },
    ]

    private static let tabs = [
        GoldenPlate("intersection", 84, 42) { $0.intersectionConnector?.fit = 3 },
        GoldenPlate("edge puzzle", 84, 42) {
            $0.intersectionConnector = nil
            $0.edgeConnector = EdgeConnector()
            $0.edgeConnector?.countPerCell = 2
        },
        GoldenPlate("edge puzzle with magnets", 84, 42) {
            $0.edgeConnector = EdgeConnector()
            $0.magnets = Magnets()
        },
    ]

    private static let magnetic = [
        GoldenPlate("press-fit", 84, 42) { $0.magnets = Magnets() },
        GoldenPlate("glue from top", 63, 42, bed: 50) { $0.set(.glueFromTop, .round) },
        GoldenPlate("glue from bottom", 63, 42, bed: 50) { $0.set(.glueFromBottom, .round) },
        GoldenPlate("solid frame", 63, 42, bed: 50) { $0.set(.glueFromTop, .solid) },
        GoldenPlate("round frame", 42, 42) {
            $0.set(.glueFromBottom, .round)
            $0.magnets?.border = Length(millimetres: 3)
        },
        GoldenPlate("release slots", 42, 42) {
            $0.set(.pressFit, .round)
            $0.magnets?.releaseWidth = Length(millimetres: 4.5)
        },
        GoldenPlate("no release slots", 42, 42) {
            $0.set(.pressFit, .round)
            $0.magnets?.releaseWidth = .zero
        },
    ]

    private static let rest = [
        GoldenPlate("numbering", 84, 42) { $0.numbering = Numbering() },
        GoldenPlate("corner radius", 50, 50) {
            ($0.fillerX, $0.fillerY) = (.none, .none)
            $0.cornerRadius = Length(millimetres: 9)
        },
        GoldenPlate("edge adjust", 84, 42) {
            $0.edgeAdjust = Sides(
                north: Length(millimetres: 2), east: Length(millimetres: -1.5), south: .zero,
                west: Length(millimetres: -4))
        },
        GoldenPlate("cell override", 84, 84, bed: 95) { $0.cellOverride = [.cell, .empty, .solid, .cell] },
        GoldenPlate("solid base", 84, 42) { $0.solidBase = Length(millimetres: 1) },
    ]
}

extension PlateWish {
    fileprivate mutating func set(_ style: Magnets.Style, _ frame: Magnets.Frame) {
        var chosen = Magnets()
        (chosen.style, chosen.frame) = (style, frame)
        magnets = chosen
    }
}
