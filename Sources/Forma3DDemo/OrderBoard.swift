import Kernel

/// What is known of each order and how it is shown: a pure value, fed with lists of orders.
struct OrderBoard: Sendable {
    struct Row: Sendable {
        let shopifyID: String
        let placedAt: ContinuousClock.Instant
        var id: String?
        var name = "…"
        var stage = "placed in the shop"
        var attention: String?
        var fulfilledAfterSeconds: Double?

        var isFulfilled: Bool { fulfilledAfterSeconds != nil }
    }

    private(set) var rows: [Row] = []

    mutating func placed(_ shopifyID: String, at instant: ContinuousClock.Instant) {
        guard !rows.contains(where: { $0.shopifyID == shopifyID }) else { return }
        rows.append(Row(shopifyID: shopifyID, placedAt: instant))
    }

    var areAllFulfilled: Bool { !rows.isEmpty && rows.allSatisfy(\.isFulfilled) }

    /// Takes a list of orders over. - Returns: the lines of the orders whose stage changed.
    mutating func update(_ orders: [JSONValue], at instant: ContinuousClock.Instant) -> [String] {
        var changed: [String] = []
        for order in orders {
            guard let shopifyID = order["shopifyOrderId"]?.string else { continue }
            placed(shopifyID, at: instant)
            guard let index = rows.firstIndex(where: { $0.shopifyID == shopifyID }) else { continue }
            let before = rows[index]
            rows[index].id = order["id"]?.string
            rows[index].name = order["orderNumber"]?.string ?? before.name
            rows[index].stage = Self.stage(order)
            rows[index].attention = order["attention"]?["reason"]?.string
            if order["status"]?.string == "fulfilled", !before.isFulfilled {
                rows[index].fulfilledAfterSeconds = Self.seconds(from: before.placedAt, to: instant)
            }
            if rows[index].stage != before.stage || rows[index].attention != before.attention {
                let seconds = Self.seconds(from: before.placedAt, to: instant)
                changed.append(Self.line(rows[index], afterSeconds: seconds))
            }
        }
        return changed
    }

    /// One line per order.
    func lines(at instant: ContinuousClock.Instant) -> [String] {
        rows.map { row in
            let seconds = row.fulfilledAfterSeconds ?? Self.seconds(from: row.placedAt, to: instant)
            return Self.line(row, afterSeconds: seconds)
        }
    }

    static func line(_ row: Row, afterSeconds seconds: Double) -> String {
        let mark = row.isFulfilled ? "✓" : row.attention == nil ? "·" : "!"
        let note = row.attention.map { "  (\($0))" } ?? ""
        return "  \(mark) \(pad(row.name, 8)) \(pad(row.stage, 36)) \(shown(seconds))\(note)"
    }

    static func stage(_ order: JSONValue) -> String {
        let done = order["printJobsDone"]?.integer ?? 0
        let all = order["printJobCount"]?.integer ?? 0
        switch order["status"]?.string ?? "" {
        case "received": return "received, waiting for payment"
        case "validated": return "checking its lines"
        case "mapped": return "parts known, on the way to the farm"
        case "needs_mapping": return "waiting for a product mapping"
        case "in_production", "partially_printed":
            return "printing, \(done) of \(all) \(all == 1 ? "part" : "parts") done"
        case "printed": return "printed, \(all) \(all == 1 ? "part" : "parts")"
        case "packing": return "buying the label"
        case "shipped": return "label bought, telling the shop"
        case "fulfilled": return "fulfilled"
        case "closed": return "closed, nothing to do"
        case "on_hold": return "on hold"
        case "cancel_requested": return "being cancelled"
        case "cancelled": return "cancelled"
        case "failed": return "a print failed"
        case let other: return other
        }
    }

    static func seconds(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Double {
        let parts = (end - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    static func shown(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
