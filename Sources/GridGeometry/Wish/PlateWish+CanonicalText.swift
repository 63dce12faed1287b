extension PlateWish {
    /// Every parameter in a fixed order and one way of writing: the same design has the same text, however it was said.
    /// The first line names the version of the text; it changes when a new parameter would give old designs new texts.
    package var canonicalText: String {
        var lines = ["gridflock-plate 1"]
        func add(_ name: String, _ value: String) { lines.append("\(name)=\(value)") }
        func text(_ size: Size) -> String { "\(text(size.width)),\(text(size.depth))" }
        func text(_ length: Length) -> String { MillimetreText.of(length) }
        func text(_ sides: Sides<Length>) -> String {
            [sides.north, sides.east, sides.south, sides.west].map(text).joined(separator: ",")
        }
        func text(_ parts: [Int]?) -> String { parts.map { $0.map(String.init).joined(separator: ",") } ?? "free" }
        add("drawer", text(drawer))
        add("clearance", text(clearance))
        add("bed", text(bed))
        add("filler-x", fillerX.canonicalText)
        add("filler-y", fillerY.canonicalText)
        add("alignment", "\(alignmentX),\(alignmentY)")
        add("edge-adjust", text(edgeAdjust))
        add("separate-padding", String(hasSeparatePadding))
        add("columns", text(split.columns))
        add("rows-even", text(split.rowsEven))
        add("rows-odd", text(split.rowsOdd))
        add("staggered", String(split.isStaggered))
        add("intersection", intersectionConnector.map { String($0.fit) } ?? "none")
        add(
            "edge",
            edgeConnector.map { edge in
                [
                    String(edge.countPerCell), text(edge.bar), text(edge.neck), text(edge.gap),
                    text(edge.heightFemale), text(edge.maleDelta), String(edge.hasMagnetBorder),
                    text(edge.magnetBorderWidth),
                ].joined(separator: ";")
            } ?? "none")
        add(
            "magnets",
            magnets.map { magnets in
                [
                    magnets.style.rawValue, magnets.frame.rawValue, text(magnets.diameter), text(magnets.height),
                    text(magnets.top), text(magnets.bottom), text(magnets.border), text(magnets.releaseWidth),
                ].joined(separator: ";")
            } ?? "none")
        add(
            "numbering",
            numbering.map { [text($0.depth), text($0.size), text($0.squeezedSize)].joined(separator: ";") } ?? "none")
        add("corner-radius", text(cornerRadius))
        add("solid-base", text(solidBase))
        let isPlain = cellOverride.allSatisfy { $0 == .cell }
        add("cells", isPlain ? "" : cellOverride.map(\.rawValue).joined())
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Filler {
    var canonicalText: String {
        switch self {
        case .none: "none"
        case .fraction(let parts): "1/\(parts)"
        case .dynamic(let minimum): "dynamic \(MillimetreText.of(minimum))"
        }
    }
}
