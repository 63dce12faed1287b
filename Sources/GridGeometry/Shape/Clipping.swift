/// Loops cut to an upright rectangle (Sutherland–Hodgman). A loop that falls apart keeps edges along the border that
/// cover each other; an overlay drops those.
enum Clipping {
    static func clip(_ loop: [Point], to box: Box) -> [Point] {
        let bounds = Box.around(loop)
        var result = loop
        if bounds.west < box.west { result = clip(result, value: { $0.x - box.west }) }
        if bounds.east > box.east { result = clip(result, value: { box.east - $0.x }) }
        if bounds.south < box.south { result = clip(result, value: { $0.y - box.south }) }
        if bounds.north > box.north { result = clip(result, value: { box.north - $0.y }) }
        return result
    }

    /// Keeps where `value` (linear, of unit slope along an axis) is zero or more.
    private static func clip(_ loop: [Point], value: (Point) -> Int) -> [Point] {
        guard var previous = loop.last else { return [] }
        var previousValue = value(previous)
        var result: [Point] = []
        for point in loop {
            let here = value(point)
            if (here >= 0) != (previousValue >= 0), here != 0, previousValue != 0 {
                // From the inside out, so that both directions of an edge are cut at the same point.
                result.append(
                    here > 0
                        ? between(point, here, previous, previousValue) : between(previous, previousValue, point, here))
            }
            if here >= 0 { result.append(point) }
            previous = point
            previousValue = here
        }
        return result
    }

    private static func between(_ inside: Point, _ inner: Int, _ outside: Point, _ outer: Int) -> Point {
        let whole = inner - outer
        return Point(
            inside.x + divided((outside.x - inside.x) * inner, whole),
            inside.y + divided((outside.y - inside.y) * inner, whole))
    }

    /// Rounded to the nearest, halves away from zero; the divisor is above zero.
    static func divided(_ value: Int, _ divisor: Int) -> Int {
        (value >= 0 ? 2 * value + divisor : 2 * value - divisor) / (2 * divisor)
    }
}
