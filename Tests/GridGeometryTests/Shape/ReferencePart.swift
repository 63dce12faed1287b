/// Measured parts of the upstream generator (yawkat/GridFlock 3f04abb2, run once with numbering off): cells, padding and
/// seams clockwise from the north, overhang of the tabs west, south, east and north, volume in mm³.
struct ReferencePart {
    let plate: String
    let columns: [Double]
    let rows: [Double]
    let padding: [Double]
    let connects: [Bool]
    let overhang: [Double]
    let volume: Double

    init(
        _ plate: String, _ columns: [Double], _ rows: [Double], padding: [Double], connects: [Bool],
        overhang: [Double], volume: Double
    ) {
        self.plate = plate
        self.columns = columns
        self.rows = rows
        self.padding = padding
        self.connects = connects
        self.overhang = overhang
        self.volume = volume
    }

    static let all = [
        ReferencePart(
            "c01", [42], [42],
            padding: [0, 0, 0, 0], connects: [false, false, false, false],
            overhang: [0, 0, 0, 0], volume: 1226.9909),
        ReferencePart(
            "c02", [42, 42, 42], [42, 42],
            padding: [0, 0, 0, 0], connects: [false, false, false, false],
            overhang: [0, 0, 0, 0], volume: 7686.0732),
        ReferencePart(
            "c04", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 7], connects: [true, true, false, false],
            overhang: [0, 0, 1.18, 1.18], volume: 26983.9596),
        ReferencePart(
            "c04", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 7], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0], volume: 13842.7356),
        ReferencePart(
            "c04", [42, 42, 42, 42, 21], [42, 42],
            padding: [0, 7, 1, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0, 1.18], volume: 15879.9808),
        ReferencePart(
            "c04", [42, 42, 42, 42, 21], [42, 42, 42, 42],
            padding: [1, 7, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 30767.2384),
        ReferencePart(
            "c05", [42, 42, 42, 42, 42], [42, 42, 42, 42, 42],
            padding: [0, 0, 0, 0], connects: [true, true, false, false],
            overhang: [0.3, 0.3, 1.18, 1.18], volume: 32338.3664),
        ReferencePart(
            "c05", [42, 42, 42, 42, 42], [42, 42, 42, 42, 42],
            padding: [0, 0, 0, 0], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0.3], volume: 32264.6497),
        ReferencePart(
            "c05", [42, 42, 42, 42, 42], [42, 42],
            padding: [0, 0, 0, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0.3, 1.18], volume: 12907.4766),
        ReferencePart(
            "c05", [42, 42, 42, 42, 42], [42, 42, 42, 42, 42],
            padding: [0, 0, 0, 0], connects: [true, false, true, true],
            overhang: [0.5739, 0.5739, 0.3, 1.18], volume: 32222.2394),
        ReferencePart(
            "c05", [42, 42, 42, 42, 42], [42, 42, 42],
            padding: [0, 0, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 19282.35),
        ReferencePart(
            "c07", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 7], connects: [true, true, false, false],
            overhang: [0, 0, 1.18, 1.18], volume: 70011.115),
        ReferencePart(
            "c07", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 7], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0], volume: 35620.2968),
        ReferencePart(
            "c07", [42, 42, 42, 42, 21], [42, 42],
            padding: [0, 7, 1, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0, 1.18], volume: 40859.5535),
        ReferencePart(
            "c07", [42, 42, 42, 42, 21], [42, 42, 42, 42],
            padding: [1, 7, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 79979.1389),
        ReferencePart(
            "c10", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 7], connects: [true, true, false, false],
            overhang: [0, 0, 1.18, 1.18], volume: 26912.5352),
        ReferencePart(
            "c10", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 7], connects: [false, true, true, false],
            overhang: [0, 0.3, 1.18, 0], volume: 13793.2259),
        ReferencePart(
            "c10", [42, 42, 42, 42, 21], [42, 42],
            padding: [0, 7, 1, 0], connects: [true, false, false, true],
            overhang: [0.2557, 0, 0, 1.18], volume: 15821.7041),
        ReferencePart(
            "c10", [42, 42, 42, 42, 21], [42, 42, 42, 42],
            padding: [1, 7, 0, 0], connects: [false, false, true, true],
            overhang: [0.2557, 0.2557, 0, 0], volume: 30699.7318),
        ReferencePart(
            "c11", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 7], connects: [true, true, false, false],
            overhang: [0, 0, 2.85, 2.85], volume: 27158.4152),
        ReferencePart(
            "c11", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 7], connects: [false, true, true, false],
            overhang: [0, 0, 2.85, 0], volume: 13785.2218),
        ReferencePart(
            "c11", [42, 42, 42, 42, 21], [42, 42],
            padding: [0, 7, 1, 0], connects: [true, false, false, true],
            overhang: [0, 0, 0, 2.85], volume: 15952.5106),
        ReferencePart(
            "c11", [42, 42, 42, 42, 21], [42, 42, 42, 42],
            padding: [1, 7, 0, 0], connects: [false, false, true, true],
            overhang: [0, 0, 0, 0], volume: 30559.4352),
        ReferencePart(
            "c14", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 17.5], connects: [true, true, false, false],
            overhang: [0, 0, 1.18, 1.18], volume: 35235.3846),
        ReferencePart(
            "c14", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 17.5], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0], volume: 17992.8606),
        ReferencePart(
            "c14", [42, 42, 42, 42], [42, 42],
            padding: [0, 17.5, 1, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0, 1.18], volume: 18009.9614),
        ReferencePart(
            "c14", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [1, 17.5, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 35096.6897),
        ReferencePart(
            "c18", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 0, 0], connects: [true, true, false, false],
            overhang: [0.3, 0.3, 1.18, 1.18], volume: 20701.8453),
        ReferencePart(
            "c18", [42, 42, 42, 42], [42, 44],
            padding: [0, 0, 0, 0], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0.3], volume: 10425.9025),
        ReferencePart(
            "c18", [42, 42, 42, 42, 35], [42, 42],
            padding: [0, 0, 0, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0.3, 1.18], volume: 12685.4016),
        ReferencePart(
            "c18", [42, 42, 42, 42, 35], [42, 42, 42, 44],
            padding: [0, 0, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 25445.4152),
        ReferencePart(
            "c19", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 3.5], connects: [true, true, false, false],
            overhang: [0, 0, 1.18, 1.18], volume: 24233.4846),
        ReferencePart(
            "c19", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 3.5], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0], volume: 12459.3606),
        ReferencePart(
            "c19", [42, 42, 42, 42, 14, 14], [42, 42],
            padding: [0, 3.5, 1, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0, 1.18], volume: 16007.5002),
        ReferencePart(
            "c19", [42, 42, 42, 42, 14, 14], [42, 42, 42, 42],
            padding: [1, 3.5, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 30985.3372),
        ReferencePart(
            "c33", [42, 42, 42, 42], [42, 42, 42, 42],
            padding: [0, 0, 1, 7], connects: [true, true, false, false],
            overhang: [0, 0, 0, 0], volume: 26935.0069),
        ReferencePart(
            "c33", [42, 42, 42, 42], [42, 42],
            padding: [1, 0, 0, 7], connects: [false, true, true, false],
            overhang: [0, 0, 0, 0], volume: 13866.2752),
        ReferencePart(
            "c33", [42, 42, 42, 42, 21], [42, 42],
            padding: [0, 7, 1, 0], connects: [true, false, false, true],
            overhang: [0, 0, 0, 0], volume: 15881.3331),
        ReferencePart(
            "c33", [42, 42, 42, 42, 21], [42, 42, 42, 42],
            padding: [1, 7, 0, 0], connects: [false, false, true, true],
            overhang: [0, 0, 0, 0], volume: 30867.4727),
        ReferencePart(
            "c36", [42], [42],
            padding: [0, 0, 0, 0], connects: [true, true, false, false],
            overhang: [0.3, 0.3, 1.18, 1.18], volume: 3687.9082),
        ReferencePart(
            "c36", [42], [42],
            padding: [0, 0, 0, 0], connects: [false, true, true, false],
            overhang: [0, 0.5739, 1.18, 0.3], volume: 3667.9195),
        ReferencePart(
            "c36", [42], [42],
            padding: [0, 0, 0, 0], connects: [true, false, false, true],
            overhang: [0.5739, 0, 0.3, 1.18], volume: 3647.9307),
        ReferencePart(
            "c36", [42], [42],
            padding: [0, 0, 0, 0], connects: [false, false, true, true],
            overhang: [0.5739, 0.5739, 0, 0], volume: 3627.942),
    ]
}
