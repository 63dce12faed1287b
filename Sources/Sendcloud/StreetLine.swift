/// One street line as words, and the two ways to read it.
struct StreetLine {
    /// Without doubled blanks, blanks around dashes and slashes between numbers, and commas at the ends.
    let text: String
    private let words: [String]

    init(_ raw: String) {
        var words: [String] = []
        for word in raw.replacing(",", with: " , ").split(whereSeparator: \.isWhitespace) {
            words.append(String(word))
        }
        while words.first == "," { words.removeFirst() }
        while words.last == "," { words.removeLast() }
        self.words = Self.joinedRanges(words)
        text = Self.join(self.words)
    }

    private init(words: [String]) {
        self.words = words
        text = Self.join(words)
    }

    var hasDigit: Bool { text.utf8.contains { (0x30...0x39).contains($0) } }

    var beginsWithNumber: Bool { words.first.map(HouseNumber.isOne) == true }

    /// A box at a post office or a locker has no street.
    var isPostBox: Bool {
        let lowercase = text.lowercased()
        return Self.postBoxWords.contains { lowercase == $0 || lowercase.hasPrefix($0 + " ") }
    }

    var hasFrenchStreetWord: Bool {
        words.contains { Self.frenchStreetWords.contains($0.lowercased()) }
    }

    /// `Voorbeeldstraat 12-A bus 3`, `Calle Mayor 12, 3º B`.
    func numberLast() -> StreetAddress.Parts? {
        // What follows a comma belongs to neither street nor number, when the part before it is both already.
        if let comma = words.firstIndex(of: ",") {
            let head = StreetLine(words: Array(words[..<comma]))
            let tail = words[(comma + 1)...].filter { $0 != "," }
            if var parts = head.numberLast() {
                parts.addition = Self.join([parts.addition ?? ""] + tail)
                return parts
            }
            return StreetLine(words: words.filter { $0 != "," }).numberLastWithoutComma()
        }
        return numberLastWithoutComma()
    }

    /// `12 bis rue de la Paix`, `5, rue Haute`.
    func numberFirst() -> StreetAddress.Parts? {
        let (head, addition) = splitAddition()
        var rest = head.words.filter { $0 != "," }[...]
        guard rest.count >= 2, HouseNumber.isOne(rest[0]), !HouseNumber.isOrdinal(rest[0]) else { return nil }
        var number = rest.removeFirst()
        if let letter = rest.first, rest.count >= 2, HouseNumber.isRepetition(letter) {
            number += " " + letter
            rest.removeFirst()
        }
        // A second number at the end could be the house's as well; a year belongs to the name of the street.
        if let last = rest.last, HouseNumber.isOne(last), !HouseNumber.isYear(last) { return nil }
        guard rest.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        return (Self.join(Array(rest)), number, addition)
    }

    private func numberLastWithoutComma() -> StreetAddress.Parts? {
        let (head, addition) = splitAddition()
        var street = head.words[...]
        guard let last = street.popLast() else { return nil }
        var number = last
        if HouseNumber.isLetter(last) || HouseNumber.isRepetition(last), let before = street.popLast() {
            guard HouseNumber.isPlain(before) else { return nil }
            number = before + " " + last
        } else {
            guard HouseNumber.isOne(last), !HouseNumber.isYear(last) else { return nil }
        }
        while let word = street.last, Self.numberWords.contains(word.lowercased()) { street.removeLast() }
        guard let name = street.last, street.contains(where: { $0.contains(where: \.isLetter) }) else { return nil }
        // "Kerkstraat 12 14" and "Kerkstraat 12 b 3": which one is the house?
        guard !HouseNumber.isPlain(name) || HouseNumber.isYear(name), !Self.hasNumberInside(street) else { return nil }
        return (Self.join(Array(street)), number, addition)
    }

    /// Cuts off what begins with a word such as `bus`, `bte` or `apt`.
    private func splitAddition() -> (head: StreetLine, addition: String?) {
        for index in words.indices.dropFirst(2) where Self.startsAddition(words[index]) {
            guard words[index - 1].contains(where: \.isNumber) || words[..<index].contains(where: HouseNumber.isOne)
            else { continue }
            let head = StreetLine(words: Array(words[..<index]))
            return (head, Self.join(words[index...].filter { $0 != "," }))
        }
        return (self, nil)
    }

    /// A bare number amid the street, unless the name goes on as a date does (`Avenida 25 de Abril`).
    private static func hasNumberInside(_ street: ArraySlice<String>) -> Bool {
        street.indices.dropFirst().contains { index in
            guard HouseNumber.isPlain(street[index]), !HouseNumber.isYear(street[index]) else { return false }
            let next = index + 1 < street.endIndex ? street[index + 1].lowercased() : ""
            return !dateWords.contains(next)
        }
    }

    private static func startsAddition(_ word: String) -> Bool {
        let lowercase = word.lowercased().filter { $0 != "." && $0 != ":" }
        if additionWords.contains(lowercase) { return true }
        // "bus3", "bte12"
        let letters = lowercase.prefix { $0.isLetter }
        return boxWords.contains(String(letters)) && lowercase.dropFirst(letters.count).allSatisfy(\.isNumber)
    }

    /// `12 - 14` and `12 / 3` become one word each.
    private static func joinedRanges(_ words: [String]) -> [String] {
        var joined: [String] = []
        var index = 0
        while index < words.count {
            let isSeparator = words[index] == "-" || words[index] == "/"
            if isSeparator, let before = joined.last, HouseNumber.isOne(before), index + 1 < words.count,
                words[index + 1].count <= 4
            {
                joined[joined.count - 1] = before + words[index] + words[index + 1]
                index += 2
            } else {
                joined.append(words[index])
                index += 1
            }
        }
        return joined
    }

    private static func join(_ words: [String]) -> String {
        words.filter { !$0.isEmpty }.joined(separator: " ").replacing(" ,", with: ",")
    }

    private static let postBoxWords = [
        "postbus", "po box", "p.o. box", "postfach", "packstation", "bp", "boîte postale", "apartado",
        "casella postale",
        "postboks",
    ]
    private static let frenchStreetWords: Set<String> = [
        "rue", "avenue", "av.", "av", "boulevard", "bd", "chaussée", "chaussee", "place", "chemin", "quai", "allée",
        "allee", "impasse", "clos", "route", "square", "sentier", "drève", "montée",
    ]
    private static let boxWords: Set<String> = ["bus", "bte", "boîte", "boite", "box"]
    private static let additionWords: Set<String> = boxWords.union([
        "apt", "apartment", "app", "appt", "appartement", "appartment", "unit", "flat", "suite", "floor", "verdieping",
        "etage", "étage", "hinterhaus", "vorderhaus", "whg", "wohnung", "top", "stiege", "stg", "tür", "og", "eg",
        "bâtiment", "batiment", "bât", "bat", "résidence", "escalier", "esc", "piso", "puerta", "pta", "planta",
        "bloque", "interno", "int", "scala", "lok", "lokal", "c/o", "toestel", "unité",
    ])
    private static let numberWords: Set<String> = ["nr", "nr.", "no", "no.", "n°", "nº", "num", "num.", "número", ","]
    private static let dateWords: Set<String> = ["de", "di", "do", "des", "mei", "mai", "may", "mars", "juillet"]
}

/// What can be a house number.
enum HouseNumber {
    /// One to five digits, then nothing, up to three letters, or up to two short parts after `-` or `/`:
    /// `12`, `12A`, `12-A`, `12-14`, `12/3`, `12bis`.
    static func isOne(_ word: String) -> Bool {
        let parts = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" }
        guard let first = parts.first, parts.count <= 3 else { return false }
        let digits = first.prefix { isDigit($0) }
        let letters = first.dropFirst(digits.count)
        guard (1...5).contains(digits.count), letters.count <= 3, letters.allSatisfy(isLatin) else { return false }
        if letters.count > 1, !repetitions.contains(letters.lowercased()) { return false }
        return parts.dropFirst().allSatisfy { part in
            (1...4).contains(part.count) && part.allSatisfy { isDigit($0) || isLatin($0) }
        }
    }

    /// Digits only.
    static func isPlain(_ word: String) -> Bool {
        (1...5).contains(word.count) && word.allSatisfy(isDigit)
    }

    /// In the name of a street rather than on a door.
    static func isYear(_ word: String) -> Bool {
        word.count == 4 && isPlain(word) && (word.hasPrefix("18") || word.hasPrefix("19") || word.hasPrefix("20"))
    }

    /// `1e`, `1er`, `2nd`: the beginning of a street's name.
    static func isOrdinal(_ word: String) -> Bool {
        let letters = word.drop { isDigit($0) }.lowercased()
        return ["e", "er", "re", "ème", "eme", "st", "nd", "rd", "th", "de", "ste"].contains(letters)
    }

    /// A letter of its own behind the number.
    static func isLetter(_ word: String) -> Bool {
        word.count == 1 && word.allSatisfy(isLatin)
    }

    /// French `bis` and its kin.
    static func isRepetition(_ word: String) -> Bool {
        repetitions.contains(word.lowercased()) || (isLetter(word) && word.allSatisfy(\.isUppercase))
    }

    private static let repetitions: Set<String> = ["bis", "ter", "quater"]

    private static func isDigit(_ character: Character) -> Bool {
        character.isASCII && character.isNumber
    }

    private static func isLatin(_ character: Character) -> Bool {
        character.isASCII && character.isLetter
    }
}
