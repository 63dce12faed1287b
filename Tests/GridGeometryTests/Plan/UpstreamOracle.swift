import GridGeometry

/// Upstream's rule for segments (yawkat/GridFlock, described in our own words and arithmetic; MIT), kept to compare
/// ours with: how many parts it makes, and whether they really fit.
struct UpstreamOracle {
    let columns: [Int]
    let even: [Int]
    let odd: [Int]

    var parts: Int { (columns.count + 1) / 2 * even.count + columns.count / 2 * odd.count }

    /// - Returns: nil where upstream stops with an assertion or makes no sense.
    init?(_ wish: PlateWish) {
        guard let x = wish.layoutX, let y = wish.layoutY else { return nil }
        let edge = wish.edgeConnector.map { $0.bar.depth + $0.neck.depth } ?? .zero
        let margin = max(wish.intersectionConnector == nil ? .zero : Length(millimetres: 3.5), edge)
        let across = Axis(x, bed: wish.bed.width - margin)
        let along = Axis(y, bed: wish.bed.depth - margin)
        guard let plans = along.staggered() else { return nil }
        columns = across.ideal()
        guard !columns.contains(0) else { return nil }
        (even, odd) = plans
        guard (even + odd).allSatisfy({ $0 > 0 }) else { return nil }
    }

    /// In plain floating point, in units of one cell, as upstream counts.
    struct Axis {
        let cells: [Double]
        let start: Double
        let end: Double
        let bed: Double

        init(_ layout: CellLayout, bed: Length) {
            cells = layout.cells.map { $0.millimetres / 42 }
            start = layout.start.millimetres / 42
            end = layout.end.millimetres / 42
            self.bed = bed.millimetres / 42
        }

        /// The fewest parts by filling one after the other; then each cell goes where its centre lies among equal parts.
        func ideal() -> [Int] {
            var count = 1
            var size = start
            for (index, cell) in cells.enumerated() {
                let isLast = index == cells.count - 1
                if size + cell > bed {
                    count += 1
                    size = 0
                }
                if isLast, size + cell + end > bed, size > 0 || index == 0 { count += 1 }
                size += cell
            }
            let total = cells.reduce(start + end, +)
            var parts = [Int](repeating: 0, count: count)
            var position = start
            for cell in cells {
                let place = (position + cell / 2) / (total / Double(count))
                let part = place == place.rounded(.down) ? Int(place) - 1 : Int(place.rounded(.down))
                if parts.indices.contains(part) { parts[part] += 1 }
                position += cell
            }
            return parts
        }

        struct Incremental {
            var first: Int
            var middle: Int
            var last: Int

            func parts(_ count: Int) -> [Int] {
                guard middle > 0 else { return [first] }
                var parts: [Int] = []
                var position = 0
                while position < count {
                    let part = parts.isEmpty ? first : position + middle >= count ? last : middle
                    parts.append(part)
                    position += part
                    if part <= 0 { break }
                }
                return parts
            }

            func size(_ count: Int) -> Double {
                middle == -1 ? 1 : Double(count - first - last) / Double(middle) + 2
            }
        }

        func incremental(first forced: Int?) -> Incremental {
            if cells.reduce(start + end, +) <= bed { return Incremental(first: cells.count, middle: -1, last: -1) }
            let middle = Int(bed.rounded(.down))
            func last(_ first: Int) -> Int {
                let rest = (cells.count - first) % middle
                return rest == 0 ? middle : rest
            }
            let preliminary = forced ?? Int((bed - start).rounded(.down))
            let end = last(preliminary)
            let size = end > 0 ? cells.suffix(end).reduce(self.end, +) : self.end
            let isShifted = end == 1 && (cells.last ?? 1) < 1 || size > bed
            let first = isShifted ? preliminary - 1 : preliminary
            return Incremental(first: first, middle: middle, last: last(first))
        }

        func staggered() -> (even: [Int], odd: [Int])? {
            guard bed > 1 else { return nil }
            let count = cells.count
            let simple = incremental(first: nil)
            guard simple.middle > 1 else { return (simple.parts(count), simple.parts(count)) }
            let even = simple.last >= 2 || simple.first <= 2 ? simple : incremental(first: simple.first - 1)
            func score(_ odd: Incremental) -> Int {
                (odd.first == 1 ? 20 : 0) + (odd.last == 1 ? 20 : 0) - abs(even.first - odd.first)
                    - abs(even.last - odd.last)
            }
            let fewest = incremental(first: even.first - 1).size(count)
            var best: (shift: Int, score: Int)?
            var shift = 1
            while shift < even.first {
                let odd = incremental(first: even.first - shift)
                guard odd.size(count) <= fewest else { break }
                if score(odd) <= best?.score ?? Int.max { best = (shift, score(odd)) }
                shift += 1
            }
            guard let best else { return nil }
            return (even.parts(count), incremental(first: even.first - best.shift).parts(count))
        }
    }
}
