/// Writes SVG: numbers in millimetres without locale, texts escaped, attributes in a fixed order. No scripts, no links.
///
/// A plate of thousands of cells is drawn while a customer types: bytes are appended, no string is made for a number.
struct SVGWriter {
    private var bytes: [UInt8] = []
    /// Of the last rectangle, what stands behind its place: most cells of a plate have the same.
    private var tail = Tail(width: .nan, height: 0, corner: 0, style: "", bytes: [])

    private struct Tail {
        let width: Double
        let height: Double
        let corner: Double
        let style: String
        let bytes: [UInt8]
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    static func number(_ value: Double) -> String {
        var bytes: [UInt8] = []
        bytes.append(millimetres: Int((value * 1000).rounded()) * (Length.perMillimetre / 1000))
        return String(decoding: bytes, as: UTF8.self)
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

    /// For a drawing of so many bytes.
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

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
        if box.width != tail.width || box.height != tail.height || corner != tail.corner || style != tail.style {
            let start = bytes.count
            put(" width=\"", box.width)
            put(" height=\"", box.height)
            if corner > 0 { put(" rx=\"", corner) }
            close(style)
            tail = Tail(
                width: box.width, height: box.height, corner: corner, style: style, bytes: Array(bytes[start...]))
        } else {
            bytes.append(contentsOf: tail.bytes)
        }
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
        if isTurned {
            put("<text x=\"0\" y=\"", size * 0.35)
            put(" transform=\"translate(")
            put(x)
            put(" ")
            put(y)
            put(") rotate(-90)\"")
        } else {
            put("<text x=\"", x)
            put(" y=\"", y + size * 0.35)
        }
        put(" font-size=\"", size)
        if isBold { put(" font-weight=\"bold\"") }
        put(" text-anchor=\"")
        put(anchor.rawValue)
        put("\" ")
        put(style)
        put(">")
        // Numbers and most words have nothing to escape.
        let isPlain = words.utf8.allSatisfy { $0 >= 0x20 && !Self.mayBeEscaped.contains($0) }
        put(isPlain ? words : Self.escaped(words))
        put("</text>\n")
    }

    /// The letters that `escaped` changes, and the first byte of those it leaves out.
    private static let mayBeEscaped: [UInt8] = [
        UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"), 0xEF,
    ]
}

/// A rectangle as SVG has it: y to the bottom.
struct DrawingBox {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
}
