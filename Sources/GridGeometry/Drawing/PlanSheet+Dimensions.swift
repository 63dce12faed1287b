extension PlanSheet {
    private var thin: String { "stroke=\"#444\" stroke-width=\"\(SVGWriter.number(unit * 0.06))\"" }

    func drawDimensions(in svg: inout SVGWriter) {
        let wish = plan.wish
        let right = max(drawer.x + drawer.width, plate.x + plate.width)
        let top = min(drawer.y, plate.y)
        let bottom = max(drawer.y + drawer.height, plate.y + plate.height)
        let left = min(drawer.x, plate.x)
        // Below and on the left the drawer and, where it differs, the plate; above and on the right the parts.
        let isWidthApart = wish.platePrinted.width != wish.drawer.width
        let isDepthApart = wish.platePrinted.depth != wish.drawer.depth
        level(
            from: drawer.x, to: drawer.x + drawer.width, at: bottom + unit * (isWidthApart ? 3.6 : 1.8),
            (isWidthApart ? "drawer " : "") + MillimetreText.of(wish.drawer.width), in: &svg)
        if isWidthApart {
            level(
                from: plate.x, to: plate.x + plate.width, at: bottom + unit * 1.6,
                "plate " + MillimetreText.of(wish.platePrinted.width), in: &svg)
        }
        upright(
            from: drawer.y, to: drawer.y + drawer.height, at: left - unit * (isDepthApart ? 3.8 : 1.8),
            (isDepthApart ? "drawer " : "") + MillimetreText.of(wish.drawer.depth), in: &svg)
        if isDepthApart {
            upright(
                from: plate.y, to: plate.y + plate.height, at: left - unit * 1.6,
                "plate " + MillimetreText.of(wish.platePrinted.depth), in: &svg)
        }
        let boxes = plan.segments.map(box)
        let north = boxes.filter { abs($0.y - plate.y) < 0.001 }.sorted { $0.x < $1.x }
        if north.count > 1 {
            for box in north {
                level(
                    from: box.x, to: box.x + box.width, at: top - unit * 1.6,
                    Self.text(Length(millimetres: box.width)), in: &svg)
            }
        }
        let east = boxes.filter { abs($0.x + $0.width - plate.x - plate.width) < 0.001 }.sorted { $0.y < $1.y }
        if east.count > 1 {
            for box in east {
                upright(
                    from: box.y, to: box.y + box.height, at: right + unit * 1.6,
                    Self.text(Length(millimetres: box.height)), in: &svg)
            }
        }
    }

    /// From west to east with a tick at both ends; words that do not fit between them are left out.
    private func level(from: Double, to: Double, at y: Double, _ words: String, in svg: inout SVGWriter) {
        let thin = thin
        svg.line(from, y, to, y, thin)
        for x in [from, to] { svg.line(x, y - unit * 0.35, x, y + unit * 0.35, thin) }
        guard Double(words.unicodeScalars.count) * unit * 0.58 < to - from else { return }
        svg.label(words, x: (from + to) / 2, y: y - unit * 0.75, size: unit)
    }

    private func upright(from: Double, to: Double, at x: Double, _ words: String, in svg: inout SVGWriter) {
        let thin = thin
        svg.line(x, from, x, to, thin)
        for y in [from, to] { svg.line(x - unit * 0.35, y, x + unit * 0.35, y, thin) }
        guard Double(words.unicodeScalars.count) * unit * 0.58 < to - from else { return }
        svg.label(words, x: x - unit * 0.75, y: (from + to) / 2, size: unit, isTurned: true)
    }

    func drawLegend(in svg: inout SVGWriter) {
        let wish = plan.wish
        let bottom = max(drawer.y + drawer.height, plate.y + plate.height)
        svg.label("front", x: drawer.x + drawer.width / 2, y: bottom + unit * 5, size: unit, "fill=\"#5b4a32\"")
        var lines = [
            "Drawer \(Self.text(wish.drawer)) mm, plate \(Self.text(wish.platePrinted)) mm, \(quoteLine)"
                + (isNamingBed ? " for a bed of \(Self.text(wish.bed)) mm" : "")
        ]
        lines.append(
            "\(plan.cellsText) cells, clearance \(Self.text(wish.clearance)), "
                + "padding (hatched) \(Self.text(plan.padding))")
        // Letters as wide as the drawing allows, but never larger than the dimensions.
        let longest = lines.map(\.count).max() ?? 1
        let size = min(unit, (frame.width - 2 * unit) / (Double(longest) * 0.56))
        for (index, line) in lines.enumerated() {
            svg.label(
                line, x: frame.x + unit, y: bottom + unit * (7 + 1.6 * Double(index)), size: size, anchor: .start)
        }
    }

    static func text(_ sides: Sides<Length>) -> String {
        let all = [sides.north, sides.east, sides.south, sides.west]
        if all.allSatisfy({ $0 == .zero }) { return "none" }
        if all.allSatisfy({ $0 == sides.north }) { return "\(MillimetreText.of(sides.north)) mm on each side" }
        return "back \(MillimetreText.of(sides.north)), right \(MillimetreText.of(sides.east)), "
            + "front \(MillimetreText.of(sides.south)), left \(MillimetreText.of(sides.west)) mm"
    }
}
