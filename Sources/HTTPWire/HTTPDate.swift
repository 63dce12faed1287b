/// `IMF-fixdate`, the form of `Date` (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. No locale, no formatter.
package enum HTTPDate {
    package static func format(unixSeconds: Int64) -> String {
        let clamped = max(0, unixSeconds)
        let days = Int(clamped / 86_400)
        let secondOfDay = Int(clamped % 86_400)
        let (year, month, day) = civilDate(daysSinceEpoch: days)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let fourDigitYear = String(repeating: "0", count: max(0, 4 - String(year).utf8.count)) + String(year)
        return "\(weekdays[(days + 4) % 7]), \(two(day)) \(months[month - 1]) \(fourDigitYear) "
            + "\(two(secondOfDay / 3_600)):\(two(secondOfDay / 60 % 60)):\(two(secondOfDay % 60)) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    // Howard Hinnant's civil-from-days, for days from 1970 on.
    private static func civilDate(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex + (monthIndex < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }
}
