/// Writes SVG: numbers in millimetres without locale, texts escaped, attributes in a fixed order. No scripts, no links.
///
/// A plate of thousands of cells is drawn while a customer types: bytes are appended, no string is made for a number.
struct SVGWriter {
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

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
        put(line)
        put("\n")
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// As `number` writes it.
    private mutating func put(_ value: Double) {
        bytes.append(millimetres: Int((value * 1000).rounded()) * (Length.perMillimetre / 1000))
    }

    /// ` name="1.5"`
    private mutating func put(_ name: String, _ value: Double) {
        put(name)
        put(value)
        put("\"")
    }

    /// - Parameter style: attributes as they stand in the file, ours and never a customer's.
    mutating func rectangle(_ box: DrawingBox, corner: Double = 0, _ style: String) {
        put("<rect x=\"", box.x)
        put(" y=\"", box.y)
        put(" width=\"", box.width)
        put(" height=\"", box.height)
        if corner > 0 { put(" rx=\"", corner) }
        close(style)
    }

    mutating func line(_ fromX: Double, _ fromY: Double, _ toX: Double, _ toY: Double, _ style: String) {
        put("<line x1=\"", fromX)
        put(" y1=\"", fromY)
        put(" x2=\"", toX)
        put(" y2=\"", toY)
        close(style)
    }

    mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) {
        put("<circle cx=\"", x)
        put(" cy=\"", y)
        put(" r=\"", radius)
        close(style)
    }

    private mutating func close(_ style: String) {
        put(" ")
        put(style)
        put("/>\n")
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
