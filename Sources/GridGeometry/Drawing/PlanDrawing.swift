/// The plan seen from above, the drawer's front at the bottom: drawer, parts with their numbers and sizes, cells, seams
/// with their tabs, padding hatched, dimensions and clearances. SVG in millimetres; the same plan gives the same bytes.
package enum PlanDrawing {
    /// - Parameter isNamingBed: tells in the legend which bed the parts are for.
    package static func svg(_ plan: PlatePlan, isNamingBed: Bool = true) -> String {
        var sheet = PlanSheet(plan)
        sheet.isNamingBed = isNamingBed
        let frame = sheet.frame
        var svg = SVGWriter()
        svg.reserve(4_096 + 1_024 * plan.segments.count + 144 * plan.columns.count * plan.rows.count)
        svg.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        svg.raw(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(SVGWriter.number(frame.width))mm\" "
                + "height=\"\(SVGWriter.number(frame.height))mm\" \(sheet.viewBox) font-family=\"sans-serif\">")
        svg.raw("<title>\(SVGWriter.escaped(sheet.title))</title>")
        svg.rectangle(frame, "fill=\"#fff\"")
        sheet.draw(in: &svg)
        svg.raw("</svg>")
        return svg.text
    }
}

/// Where things are on the drawing, and how large its letters are.
struct PlanSheet {
    let plan: PlatePlan
    var isNamingBed = true
    let quoteLine: String
    /// Of the letters of dimensions; everything else is measured in it.
    let unit: Double
    let drawer: DrawingBox
    let plate: DrawingBox
    /// Everything that is drawn.
    let frame: DrawingBox

    init(_ plan: PlatePlan) {
        self.plan = plan
        let wish = plan.wish
        let drawerWidth = wish.drawer.width.millimetres
        let drawerDepth = wish.drawer.depth.millimetres
        let plateWidth = wish.platePrinted.width.millimetres
        let plateDepth = wish.platePrinted.depth.millimetres
        let west = wish.clearance.west.millimetres - wish.edgeAdjust.west.millimetres
        let south = wish.clearance.south.millimetres - wish.edgeAdjust.south.millimetres
        unit = max(max(drawerWidth, drawerDepth) / 40, 2.5)
        drawer = DrawingBox(x: 0, y: 0, width: drawerWidth, height: drawerDepth)
        plate = DrawingBox(x: west, y: drawerDepth - south - plateDepth, width: plateWidth, height: plateDepth)
        // Edge adjust may make the plate larger than the drawer.
        let left = min(0, plate.x)
        let top = min(0, plate.y)
        let right = max(drawerWidth, plate.x + plateWidth)
        let bottom = max(drawerDepth, plate.y + plateDepth)
        frame = DrawingBox(
            x: left - 6 * unit, y: top - 4 * unit, width: right - left + 10 * unit,
            height: bottom - top + 14.5 * unit)
        let strips = plan.segments.count(where: \.isStrip)
        let parts = plan.segments.count - strips
        quoteLine =
            (parts == 1 ? "1 part" : "\(parts) parts")
            + (strips == 0 ? "" : strips == 1 ? " and 1 strip" : " and \(strips) strips")
    }

    var title: String {
        "Drawer \(Self.text(plan.wish.drawer)) mm, \(quoteLine)"
    }

    var viewBox: String {
        let values = [frame.x, frame.y, frame.width, frame.height].map(SVGWriter.number)
        return "viewBox=\"\(values.joined(separator: " "))\""
    }

    /// As `MillimetreText` writes it, quicker: a large plate's drawing has hundreds.
    static func text(_ length: Length) -> String {
        var bytes: [UInt8] = []
        bytes.append(millimetres: length.tenthMicrometres)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func text(_ size: Size) -> String {
        "\(text(size.width)) × \(text(size.depth))"
    }

    /// A rectangle of the plate (from its south-west corner) on the drawing.
    func box(x: Int, y: Int, width: Length, depth: Length) -> DrawingBox {
        let scale = Double(Length.perMillimetre)
        return DrawingBox(
            x: plate.x + Double(x) / scale,
            y: plate.y + plate.height - Double(y) / scale - depth.millimetres, width: width.millimetres,
            height: depth.millimetres)
    }

    func box(_ segment: SegmentPlan) -> DrawingBox {
        let size = segment.size
        return box(x: segment.origin.x, y: segment.origin.y, width: size.width, depth: size.depth)
    }

    func draw(in svg: inout SVGWriter) {
        svg.raw("<defs>")
        svg.raw(
            "<pattern id=\"padding\" width=\"3\" height=\"3\" patternUnits=\"userSpaceOnUse\" "
                + "patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"3\" stroke=\"#777\" "
                + "stroke-width=\"0.9\"/></pattern>")
        svg.raw("<clipPath id=\"plate\">")
        svg.rectangle(plate, corner: plan.wish.cornerRadius.millimetres, "")
        svg.raw("</clipPath>")
        svg.raw("</defs>")
        svg.rectangle(drawer, "fill=\"#f4f1ea\" stroke=\"#5b4a32\" stroke-width=\"\(SVGWriter.number(unit * 0.22))\"")
        svg.raw("<g clip-path=\"url(#plate)\">")
        for segment in plan.segments { drawBody(segment, in: &svg) }
        svg.raw("</g>")
        drawSeams(in: &svg)
        for segment in plan.segments where !segment.isStrip { drawNumber(segment, in: &svg) }
        for segment in plan.segments where segment.isStrip { drawStripNumber(segment, in: &svg) }
        drawDimensions(in: &svg)
        drawLegend(in: &svg)
    }
}

extension PlateWish {
    /// The plate with what edge adjust adds or cuts.
    package var platePrinted: Size {
        Size(
            width: plate.width + edgeAdjust.west + edgeAdjust.east,
            depth: plate.depth + edgeAdjust.south + edgeAdjust.north)
    }
}
