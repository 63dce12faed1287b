/// Ranges of a wish's values: what a printer can make and what a plate can bear. One place for reading, checking and
/// telling.
package enum PlateLimits {
    /// A closed range in millimetres.
    package struct Range: Hashable, Sendable {
        package let least: Double
        package let most: Double

        package init(_ least: Double, _ most: Double) {
            self.least = least
            self.most = most
        }

        package var words: String { "\(MillimetreText.of(least)) to \(MillimetreText.of(most)) mm" }
    }

    package static let drawer = Range(8.4, 3000)
    package static let clearance = Range(0, 20)
    /// A part has to stay below 1024 mm, where the 32-bit numbers of STL still tell its points apart (`BinarySTL`).
    package static let bed = Range(20, 1000)
    package static let edgeAdjust = Range(-34, 200)
    package static let cornerRadius = Range(0, 100)
    package static let solidBase = Range(0, 20)
    /// The corner arcs of a pocket are 4 mm from its sides: in a cell of twice that they would meet in one point.
    package static let fillerMinimum = Range(8.1, 42)
    /// 42 mm / 5 is the last fraction that holds a pocket.
    package static let fillerFractions = 1...5
    package static let magnetDiameter = Range(2, 12)
    package static let magnetHeight = Range(0.5, 10)
    package static let magnetSkin = Range(0.2, 5)
    package static let magnetBorder = Range(0.4, 6)
    package static let magnetRelease = Range(0, 6)
    package static let edgeCount = 1...5
    package static let edgeBarWidth = Range(2, 38)
    package static let edgeBarDepth = Range(0.8, 8)
    package static let edgeNeckWidth = Range(0.8, 36)
    package static let edgeNeckDepth = Range(0.2, 6)
    package static let edgeGap = Range(0, 1)
    package static let edgeHeight = Range(0.4, 30)
    package static let edgeDelta = Range(0, 5)
    /// Of the neck beyond the gap, and of the tab's height beyond the delta: below that nothing is printed.
    package static let edgeNeckLeft = Length(millimetres: 0.1)
    package static let edgeTabLeft = Length(millimetres: 0.2)
    package static let edgeBorderWidth = Range(0, 20)
    package static let numberDepth = Range(0.1, 2)
    package static let numberSize = Range(1, 5)
    /// Parts of one plate: their numbers have three digits.
    package static let parts = 999
    /// A cut leaves at least this of the outer cell, so that its far corners stay whole.
    package static let leftOfCutCell = Length(millimetres: 8)
    /// Plastic between a magnet's hole and a cut edge.
    package static let wallAtCutMagnet = Length(millimetres: 1)
}

/// Millimetres for people and for JSON: at most four decimals, no trailing zeros, no exponent, no locale.
package enum MillimetreText {
    package static func of(_ length: Length) -> String {
        let value = length.tenthMicrometres
        let magnitude = value.magnitude
        let scale = UInt(Length.perMillimetre)
        var text = (value < 0 ? "-" : "") + String(magnitude / scale)
        let fraction = magnitude % scale
        guard fraction != 0 else { return text }
        var digits = String(fraction + scale).dropFirst()
        while digits.last == "0" { digits = digits.dropLast() }
        text += "." + digits
        return text
    }

    /// - Parameter millimetres: finite and below a kilometre.
    package static func of(_ millimetres: Double) -> String { of(Length(millimetres: millimetres)) }
}
