/// How much plastic a part really takes: the material, and how solid it is printed.
package struct QuoteRates: Hashable, Sendable {
    package var materialName: String
    package var densityGramsPerCubicCentimetre: Double
    /// Of the volume that is printed solid anyway: outer lines, floors and ceilings. Plates are thin, so most is.
    package var solidShare: Double
    /// Of what is left inside.
    package var infillShare: Double

    package init(
        materialName: String = "PLA", densityGramsPerCubicCentimetre: Double = 1.24, solidShare: Double = 0.8,
        infillShare: Double = 0.15
    ) {
        self.materialName = materialName
        self.densityGramsPerCubicCentimetre = densityGramsPerCubicCentimetre
        self.solidShare = solidShare
        self.infillShare = infillShare
    }

    package func grams(cubicMillimetres: Double) -> Double {
        cubicMillimetres / 1000 * densityGramsPerCubicCentimetre * (solidShare + (1 - solidShare) * infillShare)
    }
}
