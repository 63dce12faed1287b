package import FoundationEssentials
import Kernel

/// Sendcloud's times: version 2 writes the day first and no zone, `11-03-2019 14:35:10`; its webhooks ISO 8601, with or
/// without a zone.
package enum SendcloudDate {
    /// Read as UTC where no zone is given; nil for anything else. Good for ordering, not for the customer.
    package static func parse(_ text: String) -> Date? {
        if let date = Timestamp.parse(text) ?? Timestamp.parse(text + "Z") { return date }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let day = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard day.count == 3, day[0].utf8.count == 2, day[1].utf8.count == 2, day[2].utf8.count == 4 else { return nil }
        return Timestamp.parse("\(day[2])-\(day[1])-\(day[0])T\(parts[1])Z")
    }

    /// A webhook's time: seconds since 1970, or milliseconds as every real one has been; told apart by magnitude.
    package static func fromUnix(_ number: Int64) -> Date? {
        guard number > 0, number < 100_000_000_000_000 else { return nil }
        return Date(timeIntervalSince1970: number >= 100_000_000_000 ? Double(number) / 1_000 : Double(number))
    }
}
