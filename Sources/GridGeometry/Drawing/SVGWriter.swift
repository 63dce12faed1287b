/// Writes SVG: numbers in millimetres without locale, texts escaped, attributes in a fixed order. No scripts, no links.
struct SVGWriter {
    private(set) var text = ""

    static func number(_ value: Double) -> String {
        MillimetreText.of((value * 1000).rounded() / 1000)
    }

    /// For element contents and attribute values; characters that XML 1.0 does not know are left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{9}", "\u{A}", "\u{D}": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    mutating func raw(_ line: String) {
        text += line
        text += "\n"
    }

    /// - Parameter style: attributes as they stand in the file, ours and never a customer's.
    mutating func rectangle(_ box: DrawingBox, corner: Double = 0, _ style: String) {
        let rounding = corner > 0 ? " rx=\"\(Self.number(corner))\"" : ""
        raw(
            "<rect x=\"\(Self.number(box.x))\" y=\"\(Self.number(box.y))\" width=\"\(Self.number(box.width))\" "
                + "height=\"\(Self.number(box.height))\"\(rounding) \(style)/>")
    }

    mutating func line(_ fromX: Double, _ fromY: Double, _ toX: Double, _ toY: Double, _ style: String) {
        raw(
            "<line x1=\"\(Self.number(fromX))\" y1=\"\(Self.number(fromY))\" x2=\"\(Self.number(toX))\" "
                + "y2=\"\(Self.number(toY))\" \(style)/>")
    }

    mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) {
        raw("<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" \(style)/>")
    }

    enum Anchor: String { case start, middle, end }

    /// The letters' middle lies at `y`: a quarter of the size is a good half height of digits in every font.
    mutating func label(
        _ words: String, x: Double, y: Double, size: Double, anchor: Anchor = .middle, isTurned: Bool = false,
        isBold: Bool = false, _ style: String = "fill=\"#222\""
    ) {
        let baseline = isTurned ? 0 : y + size * 0.35
        let place =
            isTurned
            ? "x=\"0\" y=\"\(Self.number(size * 0.35))\" "
                + "transform=\"translate(\(Self.number(x)) \(Self.number(y))) rotate(-90)\""
            : "x=\"\(Self.number(x))\" y=\"\(Self.number(baseline))\""
        let weight = isBold ? " font-weight=\"bold\"" : ""
        raw(
            "<text \(place) font-size=\"\(Self.number(size))\"\(weight) text-anchor=\"\(anchor.rawValue)\" \(style)>"
                + "\(Self.escaped(words))</text>")
    }
}

/// A rectangle as SVG has it: y to the bottom.
struct DrawingBox {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
}
