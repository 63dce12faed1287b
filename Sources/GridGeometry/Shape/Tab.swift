/// Half a puzzle tab as it changes the body's outline, in the coordinates of `TabOutline`: first `cut` is taken out of the
/// body, then `add` is put on.
struct Tab {
    var cut: [[Point]]
    var add: [[Point]]

    /// Where a socket comes near the pocket, a wall of 0.01 mm stays: upstream's drawing lets it touch the rim.
    private static let rimGuard = 100

    init(isMale: Bool, fit: Int) {
        let centre = Point(-Profile.cornerCentre, -Profile.cornerCentre)
        let drawing = Self.counterClockwise(isMale ? TabOutline.male(fit: fit) : TabOutline.female(fit: fit))
        let hull = ConvexHull.of(drawing)
        var overlay = Overlay()
        overlay.add(drawing, to: 0)
        overlay.add(hull, to: 1)
        overlay.add(CircleTable.circle(centre: centre, radius: Profile.cornerCentre + Self.rimGuard), to: 2)
        overlay.node()
        let windings = overlay.windings()
        let between = overlay.loops(windings: windings) { $0[1] > 0 && $0[0] <= 0 }
        if isMale {
            // The tab's neck stands in a notch; what lies in the pocket's disc is body anyway.
            cut = between
            add = [drawing]
        } else {
            cut = overlay.loops(windings: windings) { $0[0] > 0 && $0[2] <= 0 }
            add = between
        }
    }

    private static func counterClockwise(_ loop: [Point]) -> [Point] {
        LoopArea.twice(loop) > 0 ? loop : loop.reversed()
    }
}

enum LoopArea {
    /// Twice the area, above zero if the loop runs counter-clockwise.
    static func twice(_ loop: [Point]) -> Int {
        guard var previous = loop.last else { return 0 }
        var sum = 0
        for point in loop {
            sum += previous.x * point.y - previous.y * point.x
            previous = point
        }
        return sum
    }
}

enum ConvexHull {
    /// Counter-clockwise, without points on its edges (Andrew's monotone chain).
    static func of(_ points: [Point]) -> [Point] {
        let sorted = points.sorted(by: Overlay.isBefore)
        let lower = chain(sorted)
        let upper = chain(sorted.reversed())
        return lower.dropLast() + upper.dropLast()
    }

    private static func chain(_ points: [Point]) -> [Point] {
        var chain: [Point] = []
        for point in points {
            while chain.count > 1, chain[chain.count - 2].cross(chain[chain.count - 1], point) <= 0 {
                chain.removeLast()
            }
            chain.append(point)
        }
        return chain
    }
}
