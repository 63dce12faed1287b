/// By the name of a `GoldenPlate`: STL, model of the 3MF, GLB, SVG.
enum GoldenFingerprints {
    static let of: [String: [String]] = [:]
}
