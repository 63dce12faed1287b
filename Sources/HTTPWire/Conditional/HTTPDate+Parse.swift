extension HTTPDate {
    /// Reads `HTTP-date` in its three forms (RFC 9110 §5.6.7): IMF-fixdate, RFC 850, asctime.
    ///
    /// Names are case-sensitive, the zone is GMT, numbers have exactly their digits; the weekday must be a weekday but need
    /// not be the right one. A leap second counts as the second after.
    /// - Parameter currentYear: for RFC 850's two digits: more than 50 years ahead of it means the past.
    /// - Returns: seconds since 1970, negative before; nil for anything else.
    package static func parse(_ text: String, currentYear: Int) -> Int64? {
        var scanner = Scanner(rest: Array(text.utf8.prefix(40))[...])
        let weekday = scanner.letters()
        if longWeekdays.contains(weekday) { return rfc850(&scanner, currentYear) }
        guard shortWeekdays.contains(weekday) else { return nil }
        return scanner.rest.first == UInt8(ascii: ",") ? imfFixdate(&scanner) : asctime(&scanner)
    }

    private static let shortWeekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longWeekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    private static func imfFixdate(_ scanner: inout Scanner) -> Int64? {
        guard scanner.takes(", "), let day = scanner.number(digits: 2), scanner.takes(" "),
            let month = monthNames.firstIndex(of: scanner.letters()), scanner.takes(" "),
            let year = scanner.number(digits: 4), scanner.takes(" "), let second = timeOfDay(&scanner),
            scanner.takes(" GMT"), scanner.rest.isEmpty
        else { return nil }
        return seconds(year, month + 1, day, second)
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`
    private static func rfc850(_ scanner: inout Scanner, _ currentYear: Int) -> Int64? {
        guard scanner.takes(", "), let day = scanner.number(digits: 2), scanner.takes("-"),
            let month = monthNames.firstIndex(of: scanner.letters()), scanner.takes("-"),
            let shortYear = scanner.number(digits: 2), scanner.takes(" "), let second = timeOfDay(&scanner),
            scanner.takes(" GMT"), scanner.rest.isEmpty
        else { return nil }
        let now = min(max(currentYear, 1970), 9_000)
        var year = now - now % 100 + shortYear
        if year > now + 50 { year -= 100 }
        return seconds(year, month + 1, day, second)
    }

    /// `Sun Nov  6 08:49:37 1994`
    private static func asctime(_ scanner: inout Scanner) -> Int64? {
        guard scanner.takes(" "), let month = monthNames.firstIndex(of: scanner.letters()), scanner.takes(" "),
            let day = scanner.takes(" ") ? scanner.number(digits: 1) : scanner.number(digits: 2), scanner.takes(" "),
            let second = timeOfDay(&scanner), scanner.takes(" "), let year = scanner.number(digits: 4),
            scanner.rest.isEmpty
        else { return nil }
        return seconds(year, month + 1, day, second)
    }

    private static func timeOfDay(_ scanner: inout Scanner) -> Int? {
        guard let hour = scanner.number(digits: 2), hour < 24, scanner.takes(":"),
            let minute = scanner.number(digits: 2), minute < 60, scanner.takes(":"),
            let second = scanner.number(digits: 2), second <= 60
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// Howard Hinnant's days-from-civil.
    private static func seconds(_ year: Int, _ month: Int, _ day: Int, _ secondOfDay: Int) -> Int64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        guard (1...length).contains(day) else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468) * 86_400 + Int64(secondOfDay)
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func letters() -> String {
            let letters = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
            rest = rest[letters.endIndex...]
            return String(decoding: letters, as: UTF8.self)
        }

        mutating func number(digits count: Int) -> Int? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy(Octets.isDigit) else { return nil }
            rest = rest[digits.endIndex...]
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        mutating func takes(_ text: String) -> Bool {
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }
    }
}
