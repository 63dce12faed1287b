/// Names that are no field of a plate, as many of them as somebody would read: whoever sends thousands gets a short
/// answer at a small cost.
package enum UnknownFields {
    /// Told one by one; the next one tells how many are left.
    package static let toldMaximum = 20
    /// Letters of a name that is told back.
    private static let lettersMaximum = 80

    /// - Parameter perhaps: the field that is meant, in words; asked for names that are told one by one.
    package static func items(
        _ names: some Collection<String>, perhaps: (String) -> String? = { _ in nil }
    ) -> [PlateRefusal.Item] {
        let reason = "is not a field of a plate"
        let told = names.prefix(toldMaximum).map { PlateRefusal.Item(short($0), reason, allowed: perhaps($0)) }
        guard let next = names.dropFirst(toldMaximum).first else { return told }
        let others = names.count - toldMaximum - 1
        return told + [
            PlateRefusal.Item(short(next), others == 0 ? reason : reason + ", nor are \(others) names beside it")
        ]
    }

    private static func short(_ name: String) -> String { String(name.prefix(lettersMaximum)) }
}
