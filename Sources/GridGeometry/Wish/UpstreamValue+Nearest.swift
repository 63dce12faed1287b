import Kernel

extension UpstreamValue {
    /// What is meant by a text that is nearly a number, as it would be written in the file.
    var nearestNumber: String? {
        NearestReading.number(json).flatMap { abs($0) <= 1e6 ? MillimetreText.of($0) : nil }
    }

    var nearestWhole: String? { nearest(in: -1_000...1_000) }

    var nearestFlag: String? { NearestReading.flag(json).map { $0 ? "true" : "false" } }

    func nearest(in range: ClosedRange<Int>) -> String? {
        NearestReading.number(json).flatMap { FieldBounds.count(range).nearest(to: $0) }
    }

    func nearest(among words: [Int: String]) -> String? {
        guard let least = words.keys.min(), let most = words.keys.max() else { return nil }
        return nearest(in: least...most)
    }

    func nearestPair(in range: ClosedRange<Int>) -> String? {
        guard case .array(let elements) = json, elements.count == 2 else { return nil }
        let numbers = elements.compactMap { UpstreamValue($0).nearest(in: range) }
        return numbers.count == 2 ? "[\(numbers.joined(separator: ", "))]" : nil
    }
}
