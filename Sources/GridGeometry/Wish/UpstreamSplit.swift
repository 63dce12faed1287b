/// Upstream's ways to choose the segments by hand: the first column or row, from which it lays out the others. What it
/// makes of them is said here as plain lists.
struct UpstreamSplit {
    private var isIncremental = false
    private var firstColumn = 0
    private var firstRows = [0, 0]

    /// - Returns: false when the value is none that upstream has.
    mutating func take(_ name: String, _ value: UpstreamValue) -> Bool {
        switch name {
        case "x_segment_algorithm":
            guard let algorithm = value.whole, (0...1).contains(algorithm) else { return false }
            isIncremental = algorithm == 1
        case "x_column_count_first":
            guard let first = value.whole, first >= 0 else { return false }
            firstColumn = first
        case "y_row_count_first":
            guard let rows = value.wholes(2), rows.allSatisfy({ $0 >= 0 }) else { return false }
            firstRows = rows
        default:
            return value.numbers(2) == [42, 42]
        }
        return true
    }

    func allowed(_ name: String) -> String {
        switch name {
        case "x_segment_algorithm": "0 (ideal) or 1 (incremental)"
        case "x_column_count_first": "a whole number, 0 for none"
        case "y_row_count_first": "[even, odd], whole numbers, 0 for none"
        default: "[42, 42]"
        }
    }

    /// What would be taken instead, as it would be written in the file.
    func nearest(_ name: String, _ value: UpstreamValue) -> String? {
        switch name {
        case "x_segment_algorithm": value.nearest(in: 0...1)
        case "x_column_count_first": value.nearest(in: 0...999)
        case "y_row_count_first": value.nearestPair(in: 0...999)
        default: "[42, 42]"
        }
    }

    /// A wish that cannot be read is left as it is: `PlateRequest.wish()` tells why.
    func apply(to request: inout PlateRequest) {
        guard isIncremental || firstRows != [0, 0], let wish = try? request.wish() else { return }
        guard let x = wish.layoutX, let y = wish.layoutY else { return }
        // Upstream keeps this much of the bed clear for connectors.
        let intersection = wish.intersectionConnector == nil ? 0 : 35_000
        let margin = max(intersection, wish.edgeConnector?.reach.tenthMicrometres ?? 0)
        func parts(_ layout: CellLayout, bed: Length, first: Int) -> [Int]? {
            IncrementalSplit(
                cells: layout.cells.map(\.tenthMicrometres),
                start: padding(layout.start, wish), end: padding(layout.end, wish),
                bed: bed.tenthMicrometres - margin, pitch: CellLayout.pitch.tenthMicrometres
            ).parts(first: first > 0 ? first : nil)
        }
        if isIncremental {
            let columns = parts(x, bed: wish.bed.width, first: firstColumn)
            // Upstream's own choice may exceed the bed; only a choice of the customer's is worth a refusal.
            if firstColumn > 0 || Self.fits(columns, wish: wish, layout: x) { request.columns = columns }
        }
        guard firstRows != [0, 0] else { return }
        request.rowsEven = parts(y, bed: wish.bed.depth, first: firstRows[0])
        if firstRows[1] > 0 { request.rowsOdd = parts(y, bed: wish.bed.depth, first: firstRows[1]) }
    }

    private func padding(_ padding: Length, _ wish: PlateWish) -> Int {
        (wish.hasSeparatePadding ? min(padding, .zero) : padding).tenthMicrometres
    }

    private static func fits(_ parts: [Int]?, wish: PlateWish, layout: CellLayout) -> Bool {
        var trial = wish
        trial.split.columns = parts
        return parts != nil && WishCheck(trial).items.isEmpty
    }
}

/// As many parts of the largest size as possible, the first and last smaller: upstream's rule (facts only).
struct IncrementalSplit {
    let cells: [Int]
    let start: Int
    let end: Int
    /// Less the margin for connectors.
    let bed: Int
    let pitch: Int

    /// - Returns: nil when upstream makes nothing of it.
    func parts(first wanted: Int?) -> [Int]? {
        let total = cells.reduce(0, +)
        if total + start + end <= bed { return [cells.count] }
        let middle = bed / pitch
        let preliminary = wanted ?? (bed - start) / pitch
        guard middle > 0, preliminary > 0, preliminary <= cells.count else { return nil }
        func last(_ first: Int) -> Int {
            let rest = (cells.count - first) % middle
            return rest == 0 ? middle : rest
        }
        let lastSize = cells.suffix(last(preliminary)).reduce(0, +) + end
        let isLone = last(preliminary) == 1 && (cells.last ?? 0) < pitch
        let first = isLone || lastSize > bed ? preliminary - 1 : preliminary
        guard first > 0, first < cells.count else { return first == cells.count ? [first] : nil }
        var parts = [first]
        var rest = cells.count - first
        while rest > 0 {
            parts.append(min(middle, rest))
            rest -= middle
        }
        return parts
    }
}
