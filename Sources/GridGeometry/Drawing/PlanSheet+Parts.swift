extension PlanSheet {
    private static let tints = ["#dbe7f3", "#e3efdc", "#f6ead6", "#eadff0"]

    private func tint(_ segment: SegmentPlan) -> String {
        Self.tints[(segment.number - 1) % Self.tints.count]
    }

    func drawBody(_ segment: SegmentPlan, in svg: inout SVGWriter) {
        svg.rectangle(box(segment), "fill=\"\(tint(segment))\"")
        drawPadding(segment, in: &svg)
        var y = segment.origin.y + segment.padding.south.tenthMicrometres
        for (row, depth) in segment.cellDepths.enumerated() {
            var x = segment.origin.x + segment.padding.west.tenthMicrometres
            for (column, width) in segment.cellWidths.enumerated() {
                let cell = box(x: x, y: y, width: width, depth: depth)
                switch segment.cells[row][column] {
                case .cell:
                    let pocket = DrawingBox(
                        x: cell.x + 1.5, y: cell.y + 1.5, width: cell.width - 3, height: cell.height - 3)
                    svg.rectangle(
                        pocket, corner: 2.5,
                        "fill=\"#fff\" fill-opacity=\"0.55\" stroke=\"#9aa3ad\" stroke-width=\"0.5\"")
                case .solid:
                    svg.rectangle(cell, "fill=\"#b9c2cb\"")
                case .empty:
                    svg.rectangle(
                        cell, "fill=\"#f4f1ea\" stroke=\"#9aa3ad\" stroke-width=\"0.5\" stroke-dasharray=\"2 2\"")
                }
                x += width.tenthMicrometres
            }
            y += depth.tenthMicrometres
        }
    }

    /// The whole of a strip; of others a frame around the cells.
    private func drawPadding(_ segment: SegmentPlan, in svg: inout SVGWriter) {
        let style = "fill=\"url(#padding)\""
        guard !segment.isStrip else {
            svg.rectangle(box(segment), style)
            return
        }
        let padding = segment.padding
        let size = segment.size
        func positive(_ length: Length) -> Length { max(length, .zero) }
        let south = positive(padding.south)
        let north = positive(padding.north)
        let between = size.depth - south - north
        let origin = segment.origin
        func band(x: Int, y: Int, width: Length, depth: Length) {
            guard width > .zero, depth > .zero else { return }
            svg.rectangle(box(x: x, y: y, width: width, depth: depth), style)
        }
        band(x: origin.x, y: origin.y, width: size.width, depth: south)
        band(
            x: origin.x, y: origin.y + (size.depth - north).tenthMicrometres, width: size.width, depth: north)
        band(
            x: origin.x, y: origin.y + south.tenthMicrometres, width: positive(padding.west), depth: between)
        band(
            x: origin.x + (size.width - positive(padding.east)).tenthMicrometres,
            y: origin.y + south.tenthMicrometres, width: positive(padding.east), depth: between)
    }

    /// Outlines of the parts, and a dot for each whole tab.
    func drawSeams(in svg: inout SVGWriter) {
        let style = "fill=\"none\" stroke=\"#1f3a5f\" stroke-width=\"\(SVGWriter.number(unit * 0.16))\""
        for segment in plan.segments {
            svg.rectangle(
                box(segment), corner: isAlone ? plan.wish.cornerRadius.millimetres : 0, style)
        }
        let radius = min(unit * 0.28, 4)
        for segment in plan.segments {
            let box = box(segment)
            for joint in segment.joints.north {
                svg.circle(box.x + joint.offset.millimetres, box.y, radius, "fill=\"#1f3a5f\"")
            }
            for joint in segment.joints.east {
                svg.circle(
                    box.x + box.width, box.y + box.height - joint.offset.millimetres, radius, "fill=\"#1f3a5f\"")
            }
        }
    }

    private var isAlone: Bool { plan.segments.count == 1 }

    func drawNumber(_ segment: SegmentPlan, in svg: inout SVGWriter) {
        let box = box(segment)
        let number = String(segment.number)
        let room = min(box.width / (Double(number.count) * 0.6 + 0.4), box.height)
        let size = min(room * 0.45, unit * 3)
        let x = box.x + box.width / 2
        let y = box.y + box.height / 2
        let words = Self.text(segment.size)
        let small = min(size * 0.4, unit * 0.9)
        // The size stands below the number where it fits.
        let hasSize = Double(words.unicodeScalars.count) * small * 0.55 < box.width * 0.95 && small > unit * 0.35
        svg.label(
            number, x: x, y: hasSize ? y - small * 0.7 : y, size: size, isBold: true,
            "fill=\"#1f3a5f\" stroke=\"#fff\" stroke-width=\"\(SVGWriter.number(size * 0.12))\" paint-order=\"stroke\"")
        guard hasSize else { return }
        svg.label(
            words, x: x, y: y + size * 0.45 + small * 0.3, size: small,
            "fill=\"#1f3a5f\" stroke=\"#fff\" stroke-width=\"\(SVGWriter.number(small * 0.25))\" paint-order=\"stroke\""
        )
    }

    /// A strip is too narrow to write into: its number stands on a disc.
    func drawStripNumber(_ segment: SegmentPlan, in svg: inout SVGWriter) {
        let box = box(segment)
        let x = box.x + box.width / 2
        let y = box.y + box.height / 2
        svg.circle(
            x, y, unit * 0.85,
            "fill=\"#fff\" stroke=\"#1f3a5f\" stroke-width=\"\(SVGWriter.number(unit * 0.1))\"")
        let number = String(segment.number)
        svg.label(number, x: x, y: y, size: unit * (number.count > 2 ? 0.7 : 0.95), isBold: true, "fill=\"#1f3a5f\"")
    }
}
