extension PlateWish {
    /// A bed on which the plate falls into no more parts than can have a number: about the narrowest of whole
    /// millimetres, as far as wider beds make fewer parts. Nil where no width is enough.
    ///
    /// Dividing a plate takes milliseconds, so widths are only counted out (`PartCountBounds`) and at most two of them
    /// are divided: the narrowest that may do, and the narrowest that surely does.
    var nearestBedWidthForParts: String? {
        nearestBedWidth { Planner.partCount(of: $0) }
    }

    /// - Parameter count: of the parts that a plate falls into; asked twice at most.
    func nearestBedWidth(count: (PlateWish) -> Int?) -> String? {
        let (wider, widest) = (bed.width.tenthMicrometres / Length.perMillimetre + 1, Int(PlateLimits.bed.most))
        // The widest bed there is: none is wider.
        guard wider <= widest else { return nil }
        let widths = wider...widest
        var last: Int?
        for bound in [\PartCountBounds.least, \.most] {
            let isEnough = { (millimetres: Int) in
                PartCountBounds(of: onBed(millimetres)).map { $0[keyPath: bound] <= PlateLimits.parts } ?? false
            }
            guard let width = Self.first(in: widths, where: isEnough), width != last else { continue }
            if let parts = count(onBed(width)), parts <= PlateLimits.parts { return String(width) }
            last = width
        }
        return nil
    }

    private func onBed(_ millimetres: Int) -> PlateWish {
        var trial = self
        trial.bed.width = Length(millimetres: Double(millimetres))
        return trial
    }

    /// The first of which something is true that is true of all behind it as well.
    private static func first(in range: ClosedRange<Int>, where isTrue: (Int) -> Bool) -> Int? {
        guard isTrue(range.upperBound) else { return nil }
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isTrue(middle) { high = middle } else { low = middle + 1 }
        }
        return high
    }
}

/// Between how many parts a plate falls into, without dividing it: as many as the fewest of both axes make, and one more
/// in every other lane where seams are kept apart.
struct PartCountBounds {
    let least: Int
    let most: Int

    /// Nil where some cell fits on no bed.
    init?(of wish: PlateWish) {
        guard let layoutX = wish.layoutX, let layoutY = wish.layoutY else { return nil }
        let padding = Sides(north: layoutY.end, east: layoutX.end, south: layoutY.start, west: layoutX.start)
        let strips = PaddingStrips(wish: wish, padding: padding)
        let x = PrintAxis(.width, layout: layoutX, wish: wish, strips: strips)
        let y = PrintAxis(.depth, layout: layoutY, wish: wish, strips: strips)
        guard let columns = wish.split.columns?.count ?? x.fewestParts() else { return nil }
        let manual = [wish.split.rowsEven, wish.split.rowsOdd].compactMap { $0?.count }
        guard let rows = manual.max() ?? y.fewestParts() else { return nil }
        least = columns * (manual.min() ?? rows)
        most = columns * rows + max(columns, rows)
    }
}

extension PrintAxis {
    /// Nil where some cell fits on no part.
    fileprivate func fewestParts() -> Int? {
        var parts = [Int?](repeating: nil, count: count + 1)
        parts[0] = 0
        for from in 0..<count {
            guard let before = parts[from] else { continue }
            for to in (from + 1)...count {
                if fits(from, to) {
                    parts[to] = min(parts[to] ?? .max, before + 1)
                } else if lines[to] - lines[from] > bed {
                    break
                }
            }
        }
        return parts[count]
    }
}
