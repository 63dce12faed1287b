/// The Gridfinity base plate's section, in tenths of a micrometre, z 0 at the bottom of the pockets: 0.7 mm slope, 1.8 mm
/// upright, 2.15 mm slope (gridfinity-rebuilt `gridfinity-baseplate.scad`, after gridfinity.xyz/specification; MIT,
/// © 2023 Zachary Freedman; dimensions only).
enum Profile {
    static let height = 46_500
    static let lowerSlopeTop = 7_000
    static let upperSlopeBottom = 25_000
    /// Of the pocket's side from the cell's edge, at its bottom and along its upright part.
    static let bottomInset = 28_500
    static let uprightInset = 21_500
    /// The arcs of a pocket's corners keep their centres this far from both edges at every height.
    static let cornerCentre = 40_000
    static let pitch = 420_000

    /// Distance of the pocket's side from the cell's edge; below the pocket it goes straight down.
    static func inset(at z: Int) -> Int {
        if z <= 0 { return bottomInset }
        if z < lowerSlopeTop { return bottomInset - z }
        if z <= upperSlopeBottom { return uprightInset }
        return max(0, height - z)
    }
}
