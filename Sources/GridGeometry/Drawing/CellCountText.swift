/// How many cells there are side by side, for people: `5`, `4½` where the last one is half a cell, `4.36` where one was
/// made to fit.
package enum CellCountText {
    /// `4½ × 4`, the columns first.
    package static func of(columns: [Length], rows: [Length]) -> String { "\(of(columns)) × \(of(rows))" }

    package static func of(_ cells: [Length]) -> String {
        let pitch = CellLayout.pitch.tenthMicrometres
        let others = cells.map(\.tenthMicrometres).filter { $0 != pitch }
        let whole = cells.count - others.count
        guard let first = others.first else { return String(whole) }
        if let parts = PlateLimits.fillerFractions.first(where: { pitch / $0 == first }),
            others.allSatisfy({ $0 == first })
        {
            // Filled with thirds, there may be two of them.
            return text(whole + others.count / parts, others.count % parts, parts)
        }
        // Never up: a cell that is a little smaller than a whole one has no room for a bin of its size.
        let hundredths = cells.reduce(0) { $0 + $1.tenthMicrometres } * 100 / pitch
        return MillimetreText.of(Length(tenthMicrometres: hundredths * Length.perMillimetre / 100))
    }

    private static func text(_ whole: Int, _ above: Int, _ below: Int) -> String {
        guard above > 0 else { return String(whole) }
        let divisor = greatestCommonDivisor(above, below)
        let fraction = "\(above / divisor)/\(below / divisor)"
        guard let sign = signs[fraction] else { return whole == 0 ? fraction : "\(whole) \(fraction)" }
        return whole == 0 ? sign : "\(whole)\(sign)"
    }

    private static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
        other == 0 ? one : greatestCommonDivisor(other, one % other)
    }

    /// Those that every font has; fifths some do not.
    private static let signs = ["1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"]
}

extension PlatePlan {
    package var cellsText: String { CellCountText.of(columns: columns, rows: rows) }
}

extension SegmentPlan {
    /// A strip has none.
    package var cellsText: String { isStrip ? "none" : CellCountText.of(columns: cellWidths, rows: cellDepths) }
}
