/// Finds the points that lie on an edge: buckets of about two points each, of which an edge visits only those it runs
/// through.
struct PointGrid {
    private let xs: [Int]
    private let ys: [Int]
    private let left: Int
    private let bottom: Int
    private let shift: Int
    private let columns: Int
    private let rows: Int
    /// Of each bucket, column by column: where it begins in `items`.
    private var starts: [Int32]
    private var items: [Int32]

    /// `points` are those to be found.
    init(xs: [Int], ys: [Int], points: Range<Int>) {
        self.xs = xs
        self.ys = ys
        left = xs.min() ?? 0
        bottom = ys.min() ?? 0
        let (width, depth) = ((xs.max() ?? 0) - left, (ys.max() ?? 0) - bottom)
        var shift = 0
        while ((width >> shift) + 1) * ((depth >> shift) + 1) > points.count * 2 + 16 { shift += 1 }
        self.shift = shift
        columns = (width >> shift) + 1
        rows = (depth >> shift) + 1
        starts = [Int32](repeating: 0, count: columns * rows + 1)
        items = [Int32](repeating: 0, count: points.count)
        for index in points { starts[bucket(index) + 1] += 1 }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var next = starts
        for index in points {
            let bucket = bucket(index)
            items[Int(next[bucket])] = Int32(index)
            next[bucket] += 1
        }
    }

    private func bucket(_ index: Int) -> Int {
        ((xs[index] - left) >> shift) * rows + ((ys[index] - bottom) >> shift)
    }

    /// Appends the points strictly between two others, in no particular order.
    func collect(onEdgeFrom first: Int, to second: Int, into found: inout [Int32]) {
        let isRightward = xs[first] <= xs[second]
        let (start, end) = isRightward ? (first, second) : (second, first)
        let (startX, startY, endX, endY) = (xs[start], ys[start], xs[end], ys[end])
        let (deltaX, deltaY) = (endX - startX, endY - startY)
        let (lowY, highY) = (min(startY, endY), max(startY, endY))
        let firstColumn = (startX - left) >> shift
        let lastColumn = (endX - left) >> shift
        for column in firstColumn...lastColumn {
            var (fromY, toY) = (lowY, highY)
            if firstColumn != lastColumn, deltaY != 0 {
                // The part of the edge within this column, widened to whole units.
                let fromX = max(startX, left + column << shift)
                let toX = min(endX, left + (column + 1) << shift)
                let (oneY, otherY) = (deltaY * (fromX - startX) / deltaX, deltaY * (toX - startX) / deltaX)
                fromY = max(lowY, startY + min(oneY, otherY) - 1)
                toY = min(highY, startY + max(oneY, otherY) + 1)
            }
            let firstBucket = column * rows + (fromY - bottom) >> shift
            let lastBucket = column * rows + (toY - bottom) >> shift
            for position in Int(starts[firstBucket])..<Int(starts[lastBucket + 1]) {
                let item = Int(items[position])
                let (x, y) = (xs[item], ys[item])
                guard x >= startX, x <= endX, y >= lowY, y <= highY,
                    deltaX * (y - startY) == deltaY * (x - startX), item != start, item != end
                else { continue }
                found.append(Int32(item))
            }
        }
    }
}
