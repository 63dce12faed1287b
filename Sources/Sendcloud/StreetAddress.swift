/// A street line taken apart, because carriers want the house number by itself.
///
/// Pure and careful: where a line can be read in two ways it gives nil and an operator decides. A wrong house number
/// costs a parcel, a question costs a minute.
package enum StreetAddress {
    package typealias Parts = (street: String, houseNumber: String, addition: String?)

    /// Some carriers take no longer one.
    package static let houseNumberCharactersMaximum = 8

    /// - Parameters:
    ///   - address1: the street line, with the house number before or after the street as the country does it.
    ///   - address2: box, floor or building; also the house number when `address1` has none.
    ///   - country: ISO 3166 alpha-2.
    /// - Returns: the house number with its letter or range (`12-A`), and everything else that is neither street nor
    ///   number as `addition`; nil on doubt.
    package static func split(address1: String, address2: String?, country: String) -> Parts? {
        let line = StreetLine(address1)
        let second = StreetLine(address2 ?? "").text
        guard !line.isPostBox else { return nil }
        let country = country.uppercased()
        if let found = read(line, country: country) {
            return checked(found, addition: [found.addition, second.isEmpty ? nil : second])
        }
        // The number alone in the second line, as many shops ask for it: "Dorpsstraat" and "12 bus 3".
        guard !second.isEmpty, !line.hasDigit, second.utf8.first.map({ (0x30...0x39).contains($0) }) == true else {
            return nil
        }
        return read(StreetLine(line.text + " " + second), country: country)
            .flatMap { $0.street == line.text ? checked($0, addition: [$0.addition]) : nil }
    }

    private static func read(_ line: StreetLine, country: String) -> Parts? {
        if numberFirstCountries.contains(country) {
            // One number at each end is a doubt, not a number at the end.
            return line.numberFirst() ?? (line.beginsWithNumber ? nil : line.numberLast())
        }
        if let last = line.numberLast() { return last }
        // French-speaking Belgium and Luxembourg write both "Rue Haute 5" and "5, rue Haute".
        return bothWaysCountries.contains(country) && line.hasFrenchStreetWord ? line.numberFirst() : nil
    }

    private static func checked(_ parts: Parts, addition: [String?]) -> Parts? {
        guard parts.houseNumber.count <= houseNumberCharactersMaximum else { return nil }
        let words = addition.compactMap(\.self)
        return (parts.street, parts.houseNumber, words.isEmpty ? nil : words.joined(separator: " "))
    }

    private static let numberFirstCountries: Set<String> = ["FR", "MC", "GB", "IE", "US", "CA", "AU", "NZ"]
    private static let bothWaysCountries: Set<String> = ["BE", "LU", "CH"]
}
