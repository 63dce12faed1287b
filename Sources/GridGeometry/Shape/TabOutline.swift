/// Outlines of the puzzle tab at a cell's corner, half of it: x runs outwards across the seam, y along it with the cell's
/// corner at 0 and the cell below. The drawing is upstream's (yawkat/GridFlock `puzzle.svg` at 3f04abb2, MIT,
/// © 2026 Jonas Konrad), rounded to tenths of a micrometre, in a tight and in a loose variant.
enum TabOutline {
    private static let maleTight = [
        Point(-40_000, 0), Point(-641, -32_775), Point(655, -32_977), Point(-7_093, -12_147), Point(-6_089, -6_789),
        Point(-932, -7_529), Point(4_644, -14_506), Point(8_743, -14_937), Point(11_800, -11_057), Point(11_800, 3_000),
    ]
    private static let maleLoose = [
        Point(-40_000, 0), Point(-1_530, -29_125), Point(-1_076, -28_859), Point(-9_479, -10_369),
        Point(-7_025, -3_560), Point(565, -4_254), Point(4_738, -11_090), Point(8_462, -12_223), Point(11_753, -8_577),
        Point(11_800, 3_000),
    ]
    private static let femaleTight = [
        Point(0, -30_175), Point(5_739, -13_200), Point(4_729, -9_643), Point(675, -10_136), Point(-2_576, -14_464),
        Point(-5_700, -16_145), Point(-7_957, -16_070), Point(-12_582, -10_802), Point(-12_457, 2_989),
        Point(25_640, 2_991), Point(25_351, -30_171),
    ]
    private static let femaleLoose = [
        Point(-47, -30_175), Point(2_557, -16_850), Point(1_875, -14_603), Point(-354, -14_394),
        Point(-3_091, -18_348), Point(-6_308, -18_531), Point(-9_641, -18_176), Point(-12_535, -13_656),
        Point(-12_457, 2_989), Point(25_640, 2_991), Point(25_351, -30_171),
    ]

    /// What sticks out of a north or east side; `fit` in tenths from loose to tight.
    static func male(fit: Int) -> [Point] { blend(maleLoose, maleTight, fit: fit) }

    /// What is taken out of a south or west side. (Clockwise in the drawing.)
    static func female(fit: Int) -> [Point] { blend(femaleLoose, femaleTight, fit: fit).reversed() }

    private static func blend(_ loose: [Point], _ tight: [Point], fit: Int) -> [Point] {
        zip(loose, tight).map { loose, tight in
            Point(
                tenth(loose.x * (10 - fit) + tight.x * fit), tenth(loose.y * (10 - fit) + tight.y * fit))
        }
    }

    private static func tenth(_ value: Int) -> Int { (value >= 0 ? value + 5 : value - 5) / 10 }
}
