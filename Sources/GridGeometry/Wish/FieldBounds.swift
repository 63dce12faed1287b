/// What a field's value may be by itself.
enum FieldBounds: Sendable {
    case length(PlateLimits.Range)
    /// 0 to 1 in steps of 0.1, as upstream's sliders have; what lies between would be rounded behind the customer's
    /// back.
    case tenths
    case count(ClosedRange<Int>)
    /// One of these words; else the reason.
    case words([String], otherwise: String)

    static let fillers = words(Filler.words, otherwise: "is not a filler")
    static let printers = words(PrinterBed.presets.map(\.key), otherwise: "is not a printer known here")
    static let magnetStyles = words(
        Magnets.Style.allCases.map(\.rawValue), otherwise: "is not a way to hold magnets")
    static let magnetFrames = words(Magnets.Frame.allCases.map(\.rawValue), otherwise: "is not a frame")

    /// In words, for a refusal.
    var allowed: String {
        switch self {
        case .length(let range): range.words
        case .tenths: "0 to 1 in steps of 0.1"
        case .count(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .words(let words, _): words.joined(separator: ", ")
        }
    }

    /// The nearest number within, as it is written in a body. What is no number at all counts as below all of them.
    func nearest(to value: Double) -> String? {
        let value = value.isNaN ? -.infinity : value
        switch self {
        case .length(let range): return MillimetreText.of(min(max(value, range.least), range.most))
        case .tenths:
            let tenths = Int((min(max(value, 0), 1) * 10).rounded())
            return MillimetreText.of(Length(tenthMicrometres: tenths * Length.perMillimetre / 10))
        case .count(let range):
            return String(Int(min(max(value, Double(range.lowerBound)), Double(range.upperBound)).rounded()))
        case .words: return nil
        }
    }

    /// - Returns: what is wrong with the number, nil where nothing is.
    func fault(of value: Double, in field: String) -> PlateRefusal.Item? {
        guard let reason = reason(against: value) else { return nil }
        return PlateRefusal.Item(field, reason, allowed: allowed, nearest: nearest(to: value))
    }

    private func reason(against value: Double) -> String? {
        if value.isNaN { return "is not a number" }
        switch self {
        case .length(let range):
            // Rounded as a length is, where it is none too large for that.
            let isHuge = abs(value) > Self.hugeMillimetres
            let rounded = isHuge ? value : Length(millimetres: value).millimetres
            if rounded < range.least { return rounded < 0 && range.least >= 0 ? "is negative" : "is too small" }
            return rounded > range.most ? "is too large" : nil
        case .tenths:
            guard (-1...2).contains(value) else { return "is out of range" }
            let tenths = (value * 10).rounded()
            return (0...10).contains(tenths) && abs(value * 10 - tenths) < 1e-6 ? nil : "is not one of the steps"
        case .count(let range):
            return value < Double(range.lowerBound) || value > Double(range.upperBound) ? "is out of range" : nil
        case .words: return nil
        }
    }

    /// Anything a plate could have is far below this; above it whole numbers of 1e-4 mm would end.
    private static let hugeMillimetres = 1e6

    /// - Returns: what is wrong with the word, nil where nothing is.
    func fault(of word: String, in field: String) -> PlateRefusal.Item? {
        guard case .words(let words, let otherwise) = self, !words.contains(word) else { return nil }
        return PlateRefusal.Item(field, otherwise, allowed: allowed, nearest: NearestWord.of(word, among: words))
    }
}
