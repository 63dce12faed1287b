/// One A4 page that lies in the parcel: the plan, the parts with their numbers, and how they go together.
package enum AssemblySheet {
    private static let width = 210.0
    private static let height = 297.0
    private static let margin = 14.0

    /// - Parameter title: of the order, say; shown in the heading.
    package static func svg(_ plan: PlatePlan, title: String? = nil) -> String {
        let sheet = PlanSheet(plan)
        var svg = SVGWriter()
        svg.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        svg.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\" "
                + "font-family=\"sans-serif\">")
        svg.raw("<title>\(SVGWriter.escaped(title ?? sheet.title))</title>")
        svg.rectangle(DrawingBox(x: 0, y: 0, width: width, height: height), "fill=\"#fff\"")
        let wish = plan.wish
        svg.label(
            title.map { String($0.prefix(60)) } ?? "Your drawer plate", x: margin, y: 17, size: 6.5, anchor: .start,
            isBold: true)
        svg.label(
            "for a drawer of \(PlanSheet.text(wish.drawer)) mm: \(sheet.quoteLine)", x: margin, y: 25, size: 4,
            anchor: .start)
        let drawing = DrawingBox(x: margin, y: 31, width: width - 2 * margin, height: 130)
        svg.raw(
            "<svg x=\"\(SVGWriter.number(drawing.x))\" y=\"\(SVGWriter.number(drawing.y))\" "
                + "width=\"\(SVGWriter.number(drawing.width))\" height=\"\(SVGWriter.number(drawing.height))\" "
                + "\(sheet.viewBox) preserveAspectRatio=\"xMidYMid meet\">")
        sheet.draw(in: &svg)
        svg.raw("</svg>")
        let bottom = table(plan, from: 168, in: &svg)
        steps(plan, from: bottom + 7, in: &svg)
        svg.raw("</svg>")
        return svg.text
    }

    /// Parts that are made alike share a row.
    struct Row {
        var numbers: [Int]
        let first: SegmentPlan
    }

    static func rows(_ plan: PlatePlan) -> [Row] {
        var places: [SegmentShapeKey: Int] = [:]
        var rows: [Row] = []
        for segment in plan.segments {
            let key = SegmentShapeKey(segment)
            if let place = places[key] {
                rows[place].numbers.append(segment.number)
            } else {
                places[key] = rows.count
                rows.append(Row(numbers: [segment.number], first: segment))
            }
        }
        return rows
    }

    /// 1, 2, 3, 7 as `1–3, 7`.
    static func text(_ numbers: [Int]) -> String {
        var runs: [(from: Int, to: Int)] = []
        for number in numbers {
            if let last = runs.last, last.to == number - 1 {
                runs[runs.count - 1].to = number
            } else {
                runs.append((number, number))
            }
        }
        return runs.map { run in
            switch run.to - run.from {
            case 0: "\(run.from)"
            case 1: "\(run.from), \(run.to)"
            default: "\(run.from)–\(run.to)"
            }
        }.joined(separator: ", ")
    }

    private static let tableHeight = 62.0

    /// - Returns: where it ends.
    private static func table(_ plan: PlatePlan, from top: Double, in svg: inout SVGWriter) -> Double {
        let rows = rows(plan)
        let columns = rows.count > 11 ? 2 : 1
        let perColumn = (rows.count + columns - 1) / columns
        let height = min(5.2, tableHeight / Double(perColumn + 1))
        // Below two millimetres nobody could read it: the rest is on the parts themselves.
        let shown = height < 2.2 ? Int(tableHeight / 2.2) - 2 : perColumn
        let line = max(height, 2.2)
        let letters = line * 0.66
        let gap = 6.0
        let columnWidth = (width - 2 * margin - gap * Double(columns - 1)) / Double(columns)
        for column in 0..<columns {
            let x = margin + Double(column) * (columnWidth + gap)
            let places = [0, 0.36, 0.54, 0.82].map { x + 1 + columnWidth * $0 }
            func write(_ words: [String], _ y: Double, isBold: Bool) {
                for (place, word) in zip(places, words) {
                    svg.label(word, x: place, y: y, size: letters, anchor: .start, isBold: isBold)
                }
            }
            svg.rectangle(DrawingBox(x: x, y: top, width: columnWidth, height: line), "fill=\"#e3e8ee\"")
            write(["number", "pieces", "size in mm", "cells"], top + line / 2, isBold: true)
            let from = column * perColumn
            for (index, row) in rows[from..<min(from + perColumn, rows.count)].prefix(shown).enumerated() {
                let y = top + line * Double(index + 1)
                let first = row.first
                let cells = first.isStrip ? "padding" : first.cellsText
                write(
                    [
                        shortened(text(row.numbers), to: columns == 1 ? 38 : 26), "\(row.numbers.count)",
                        PlanSheet.text(first.size), cells,
                    ],
                    y + line / 2, isBold: false)
                svg.line(x, y + line, x + columnWidth, y + line, "stroke=\"#c5ccd4\" stroke-width=\"0.2\"")
            }
        }
        let bottom = top + line * Double(min(shown, perColumn) + 1)
        guard shown < perColumn else { return bottom }
        svg.label(
            "and \(rows.count - shown * columns) more kinds of parts: see the plan", x: margin + 1, y: bottom + 2,
            size: 2.4, anchor: .start)
        return bottom + 3
    }

    private static func shortened(_ text: String, to count: Int) -> String {
        guard text.count > count else { return text }
        let end = text.prefix(count - 1).lastIndex(of: ",") ?? text.index(text.startIndex, offsetBy: count - 2)
        return text[..<end] + ", …"
    }

    private static func steps(_ plan: PlatePlan, from top: Double, in svg: inout SVGWriter) {
        svg.label("How it goes together", x: margin, y: top, size: 4.4, anchor: .start, isBold: true)
        var y = top + 6.4
        for (index, lines) in steps(plan).enumerated() {
            svg.label("\(index + 1).", x: margin, y: y, size: 3.5, anchor: .start, isBold: true)
            for line in lines {
                svg.label(line, x: margin + 6, y: y, size: 3.5, anchor: .start)
                y += 5
            }
            y += 1
        }
    }

    /// Each of one or more lines.
    static func steps(_ plan: PlatePlan) -> [[String]] {
        let wish = plan.wish
        let parts = plan.segments.count { !$0.isStrip }
        let strips = plan.segments.count - parts
        var steps: [[String]] = []
        if wish.numbering != nil, plan.segments.count > 1 {
            let notes = plan.notes
            let each = notes.isEmpty ? "each has its number" : "numbers are"
            steps.append(["Lay the parts out as on the plan; \(each) on the underside."] + notes)
        } else if plan.segments.count > 1 {
            steps.append(["Lay the parts out as on the plan and tell them apart by their sizes."])
        }
        if let magnets = wish.magnets {
            let count = plan.segments.reduce(0) { $0 + $1.magnetCount(wish) }
            let size = "\(MillimetreText.of(magnets.diameter)) × \(MillimetreText.of(magnets.height)) mm"
            let how =
                switch magnets.style {
                case .pressFit: "Press the \(count) magnets into their slots from the side"
                case .glueFromTop: "Glue the \(count) magnets into the holes from above"
                case .glueFromBottom: "Glue the \(count) magnets into the holes from below"
                }
            steps.append(["\(how) (slots of \(size)), all with the same pole up."])
        }
        if parts > 1, wish.intersectionConnector != nil || wish.edgeConnector != nil {
            steps.append([
                "Begin with part 1 at the front left and join the others in the order of their numbers: set each down",
                "from above, so that tabs and sockets meet, and press it flat. Do not slide them together.",
            ])
        } else if parts > 1 {
            steps.append(["Set part 1 at the front left and the others beside it; they have no connectors."])
        }
        if strips > 0 { steps.append(["Add the hatched strips along the edges last."]) }
        let gap = wish.clearance == Sides(all: .zero) ? "" : "; the gap around it is meant"
        steps.append(["Lower the plate into the drawer\(gap)."])
        return steps
    }
}
