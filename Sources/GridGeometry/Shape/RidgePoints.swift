/// At the top the pockets reach the body's sides: the sides get the pockets' corner points, so that edges lying on each other
/// are the same edges.
struct RidgePoints {
    private let atX: [Int]
    private let atY: [Int]
    private let borderX: [Int]
    private let borderY: [Int]

    init(frame: SegmentFrame) {
        borderX = frame.cellX
        borderY = frame.cellY
        let reach = Profile.cornerCentre
        atX = zip(frame.cellX, frame.cellX.dropFirst()).flatMap { [$0 + reach, $1 - reach] }
        atY = zip(frame.cellY, frame.cellY.dropFirst()).flatMap { [$0 + reach, $1 - reach] }
    }

    func added(to loops: [[Point]]) -> [[Point]] { loops.map(added) }

    private func added(_ loop: [Point]) -> [Point] {
        var result: [Point] = []
        guard var previous = loop.last else { return loop }
        for point in loop {
            if previous.y == point.y, borderY.contains(point.y) {
                result += Self.between(previous.x, point.x, atX).map { Point($0, point.y) }
            } else if previous.x == point.x, borderX.contains(point.x) {
                result += Self.between(previous.y, point.y, atY).map { Point(point.x, $0) }
            }
            result.append(point)
            previous = point
        }
        return result
    }

    private static func between(_ from: Int, _ to: Int, _ places: [Int]) -> [Int] {
        let inside = places.filter { min(from, to) < $0 && $0 < max(from, to) }
        return from < to ? inside : inside.reversed()
    }
}
