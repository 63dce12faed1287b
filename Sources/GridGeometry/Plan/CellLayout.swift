/// The cells of one axis and what is left over on both sides of them.
///
/// The rules are upstream's (yawkat/GridFlock, facts only), in whole tenths of a micrometre.
package struct CellLayout: Hashable, Sendable {
    /// West to east, or south to north; never empty.
    package let cells: [Length]
    /// Padding at the western or southern end; negative cuts into the first cell.
    package let start: Length
    package let end: Length

    /// Of one Gridfinity cell.
    package static let pitch = Length(millimetres: 42)

    /// - Returns: nil when not even one cell fits.
    package init?(length: Length, filler: Filler, alignment: Int, adjustStart: Length, adjustEnd: Length) {
        cells = Self.cells(length: length, filler: filler)
        guard !cells.isEmpty else { return nil }
        let rest = (length - cells.reduce(.zero, +)).tenthMicrometres
        let atStart = rest * alignment / 10
        start = Length(tenthMicrometres: atStart) + adjustStart
        end = Length(tenthMicrometres: rest - atStart) + adjustEnd
    }

    /// The shortest plate that holds a cell.
    package static func shortest(_ filler: Filler) -> Length {
        switch filler {
        case .none: pitch
        case .fraction(let parts): Length(tenthMicrometres: pitch.tenthMicrometres / parts)
        case .dynamic(let minimum): minimum
        }
    }

    private static func cells(length: Length, filler: Filler) -> [Length] {
        let pitch = pitch.tenthMicrometres
        let length = length.tenthMicrometres
        guard length > 0 else { return [] }
        let whole = [Length](repeating: Self.pitch, count: length / pitch)
        switch filler {
        case .none:
            return whole
        case .fraction(let parts):
            let rest = length % pitch * parts / pitch
            return whole + [Length](repeating: Length(tenthMicrometres: pitch / parts), count: rest)
        case .dynamic(let minimum):
            let rest = Length(tenthMicrometres: length % pitch)
            guard rest < minimum else { return whole + [rest] }
            return whole.isEmpty ? [] : whole.dropLast() + [Self.pitch + rest]
        }
    }

    /// Where the cells begin and end, from the plate's edge: one more than there are cells.
    package var lines: [Int] {
        var line = start.tenthMicrometres
        return [line]
            + cells.map { cell in
                line += cell.tenthMicrometres
                return line
            }
    }

    /// Of the plate along this axis, edge adjust included.
    package var length: Length { cells.reduce(start + end, +) }
}

extension PlateWish {
    package var layoutX: CellLayout? {
        CellLayout(
            length: plate.width, filler: fillerX, alignment: alignmentX, adjustStart: edgeAdjust.west,
            adjustEnd: edgeAdjust.east)
    }

    package var layoutY: CellLayout? {
        CellLayout(
            length: plate.depth, filler: fillerY, alignment: alignmentY, adjustStart: edgeAdjust.south,
            adjustEnd: edgeAdjust.north)
    }
}
