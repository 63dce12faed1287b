import FoundationEssentials
import Kernel

/// Shopify's search syntax, as far as `orders(query:)` is used: terms joined by AND, `field:value`,
/// `field:>=value`, a leading minus, quotes around values.
struct OrderSearch: Sendable {
    private struct Term: Sendable {
        let field: String?
        let comparison: String
        let value: String
        let isNegated: Bool
    }

    private let terms: [Term]

    init(_ text: String?) {
        terms = Self.words(of: text ?? "").filter { $0.uppercased() != "AND" }.map(Self.term)
    }

    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character.isWhitespace || character == "(" || character == ")" {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func term(_ word: String) -> Term {
        let isNegated = word.hasPrefix("-")
        let body = isNegated ? word.dropFirst() : Substring(word)
        guard let colon = body.firstIndex(of: ":") else {
            return Term(field: nil, comparison: "=", value: String(body), isNegated: isNegated)
        }
        var value = body[body.index(after: colon)...]
        let comparison = [">=", "<=", ">", "<"].first { value.hasPrefix($0) } ?? "="
        if comparison != "=" { value = value.dropFirst(comparison.count) }
        return Term(
            field: body[..<colon].lowercased(), comparison: comparison, value: String(value), isNegated: isNegated)
    }

    func matches(_ order: ShopOrder, fulfilmentStatus: String, now: Date) -> Bool {
        terms.allSatisfy { term in
            Self.matches(order, term, fulfilmentStatus: fulfilmentStatus, now: now) != term.isNegated
        }
    }

    private static func matches(_ order: ShopOrder, _ term: Term, fulfilmentStatus: String, now: Date) -> Bool {
        func time(_ date: Date?) -> Bool {
            guard let date, let wanted = term.value == "now" ? now : Self.date(term.value) else { return false }
            return compare(date.timeIntervalSince1970, wanted.timeIntervalSince1970, term.comparison)
        }
        func same(_ text: String?) -> Bool { text?.lowercased() == term.value.lowercased() }
        switch term.field {
        case "updated_at": return time(order.updatedAt)
        case "created_at": return time(order.createdAt)
        case "processed_at":
            return time(order.node["processed_at"]?.string.flatMap(Timestamp.parse) ?? order.createdAt)
        case "id":
            guard let wanted = Int64(wireDigits: term.value) else { return false }
            return compare(Double(order.id), Double(wanted), term.comparison)
        case "name": return same(order.name) || order.name.hasSuffix("#\(term.value)")
        case "email": return same(order.node["email"]?.string)
        case "test": return (order.node["test"]?.bool ?? false) == (term.value == "true")
        case "tag": return tags(of: order).contains { $0.lowercased() == term.value.lowercased() }
        case "sku":
            return (order.node["line_items"]?.array ?? []).contains { $0["sku"]?.string == term.value }
        case "financial_status": return same(order.node["financial_status"]?.string)
        case "fulfillment_status": return matches(fulfilmentStatus, fulfilment: term.value.lowercased())
        case "status": return matches(order, status: term.value.lowercased())
        // Shopify ignores a field it does not know and says so in `extensions.search`.
        case .some: return true
        case nil: return order.name.contains(term.value)
        }
    }

    static func tags(of order: ShopOrder) -> [String] {
        (order.node["tags"]?.string ?? "").split(separator: ",").map { part in
            String(part.drop { $0 == " " })
        }
    }

    private static func matches(_ status: String, fulfilment wanted: String) -> Bool {
        switch wanted {
        case "shipped", "fulfilled": status == "FULFILLED"
        case "partial": status == "PARTIALLY_FULFILLED"
        case "unshipped", "unfulfilled": ["UNFULFILLED", "IN_PROGRESS"].contains(status)
        case "on_hold": status == "ON_HOLD"
        case "scheduled": status == "SCHEDULED"
        default: false
        }
    }

    private static func matches(_ order: ShopOrder, status wanted: String) -> Bool {
        let isClosed = order.node["closed_at"]?.string != nil
        return switch wanted {
        case "open": !isClosed && order.cancelledAt == nil
        case "closed": isClosed
        case "cancelled": order.cancelledAt != nil
        case "not_closed": !isClosed
        default: true
        }
    }

    private static func compare(_ left: Double, _ right: Double, _ comparison: String) -> Bool {
        switch comparison {
        case ">=": left >= right
        case "<=": left <= right
        case ">": left > right
        case "<": left < right
        default: left == right
        }
    }

    /// A full time, a day, a month or a year.
    private static func date(_ text: String) -> Date? {
        if let date = Timestamp.parse(text) { return date }
        switch text.utf8.count {
        case 4: return Timestamp.parse("\(text)-01-01T00:00:00Z")
        case 7: return Timestamp.parse("\(text)-01T00:00:00Z")
        case 10: return Timestamp.parse("\(text)T00:00:00Z")
        case 19: return Timestamp.parse("\(text)Z")
        default: return nil
        }
    }
}
