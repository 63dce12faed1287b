import FoundationEssentials
import Kernel

/// How the three vendors write a time.
enum VendorTime {
    /// The shop and its carrier live in Belgium; one fixed offset is enough for a stand-in.
    static let shopOffsetSeconds = 3_600.0

    /// `2026-11-20T14:03:31+01:00`: Shopify REST, with the shop's offset.
    static func shop(_ date: Date) -> String {
        Timestamp.format(date.addingTimeInterval(shopOffsetSeconds)).prefix(19) + "+01:00"
    }

    /// `2026-11-20T13:03:31Z`: Shopify GraphQL.
    static func utcSeconds(_ date: Date) -> String { Timestamp.format(date).prefix(19) + "Z" }

    /// `2026-11-20T13:03:31+00:00`: SimplyPrint.
    static func utcOffset(_ date: Date) -> String { Timestamp.format(date).prefix(19) + "+00:00" }

    /// `2026-11-20T13:03:31.290670248Z`: nine digits, as `X-Shopify-Triggered-At` has them.
    static func nanoseconds(_ date: Date, fraction: UInt32) -> String {
        let digits = String(fraction % 1_000_000)
        return Timestamp.format(date).dropLast()
            + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
    }

    /// `20-11-2026 14:03:31`: Sendcloud v2, day first, local, no zone.
    static func dayFirst(_ date: Date) -> String {
        let text = Timestamp.format(date.addingTimeInterval(shopOffsetSeconds))
        let day = text.prefix(10).split(separator: "-").reversed().joined(separator: "-")
        return "\(day) \(text.dropFirst(11).prefix(8))"
    }

    /// Whole seconds: vendors do not keep more.
    static func wholeSeconds(_ date: Date) -> Date {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }
}
