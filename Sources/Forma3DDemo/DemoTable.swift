import Kernel

/// The table at the end: order, print jobs, parcel, tracking, seconds.
enum DemoTable {
    static func lines(_ rows: [(order: JSONValue, seconds: Double?)]) -> [String] {
        let head = ["order", "print jobs", "parcel", "tracking", "seconds"]
        let cells = rows.map { order, seconds in
            let shipment = order["shipments"]?.array?.last
            return [
                order["orderNumber"]?.string ?? "?", "\(order["printJobs"]?.array?.count ?? 0)",
                shipment?["parcelId"].flatMap(DemoAPI.digits) ?? "-", shipment?["trackingNumber"]?.string ?? "-",
                seconds.map { OrderBoard.shown($0).replacing(" s", with: "") } ?? "-",
            ]
        }
        return table([head] + cells)
    }

    /// Columns as wide as their widest cell, a rule under the first row.
    static func table(_ rows: [[String]]) -> [String] {
        guard let head = rows.first else { return [] }
        let widths = head.indices.map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { OrderBoard.pad($0, $1) }.joined(separator: "   ")
            return "  " + padded.trimmingSpacesAtEnd
        }
        let rule = "  " + widths.map { String(repeating: "─", count: $0) }.joined(separator: "   ")
        return [line(head), rule] + rows.dropFirst().map(line)
    }
}

extension String {
    fileprivate var trimmingSpacesAtEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
