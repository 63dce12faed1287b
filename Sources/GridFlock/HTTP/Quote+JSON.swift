import GridGeometry
import Kernel

extension Quote {
    /// All of it as JSON. A large plate has hundreds of parts and a drawing of half a megabyte, so the text is written as
    /// it goes, the members of each object in the order of their names.
    /// - Parameter drawing: the plan as SVG; nil leaves it out.
    package func json(drawing: String?) -> [UInt8] {
        let drawingBytes = (drawing?.utf8.count ?? 0) * 5 / 4
        var writer = JSONWriter(capacity: 2_048 + plan.segments.count * 320 + drawingBytes)
        writer.object { json in
            json.size("bed", plan.wish.bed)
            json.integer("bedCount", needs.bedCount)
            json.string("cells", plan.cellsText)
            json.millimetres("columnsMillimetres", plan.columns)
            json.string("digest", digest)
            json.integer("distinctPartCount", needs.distinctPartCount)
            json.size("drawer", plan.wish.drawer)
            json.integer("fractionalCellCount", needs.fractionalCellCount)
            json.tenths("grams", upFrom: needs.grams)
            json.integer("magnetCount", needs.magnetCount)
            json.string("material", material)
            json.tenths("minutes", upFrom: needs.minutes)
            json.string("minutesFrom", rate.origin.rawValue)
            json.name("notes")
            json.array { json in for note in plan.notes { json.string(note) } }
            json.name("paddingMillimetres")
            json.object { json in
                json.millimetres("east", plan.padding.east)
                json.millimetres("north", plan.padding.north)
                json.millimetres("south", plan.padding.south)
                json.millimetres("west", plan.padding.west)
            }
            json.integer("partCount", needs.parts.count)
            json.name("parts")
            json.array(writeParts)
            if let drawing { json.string("planSVG", drawing) }
            json.size("plate", plan.wish.platePrinted)
            writePrice(&json)
            json.millimetres("rowsMillimetres", plan.rows)
            json.integer("sliceCount", rate.sliceCount)
            json.tenths("volumeCubicMillimetres", upFrom: needs.cubicMillimetres)
            json.integer("wholeCellCount", needs.wholeCellCount)
        }
        return writer.bytes
    }

    private func writeParts(_ json: inout JSONWriter) {
        for (segment, part) in zip(plan.segments, needs.parts) {
            json.object { json in
                json.string("cells", segment.cellsText)
                json.integer("columns", part.columnCount)
                json.millimetres("depthMillimetres", part.body.depth)
                json.tenths("grams", upFrom: part.grams)
                json.integer("magnetCount", part.magnetCount)
                json.tenths("minutes", upFrom: part.minutes)
                json.integer("number", part.number)
                json.millimetres("printedDepthMillimetres", part.printed.depth)
                json.millimetres("printedWidthMillimetres", part.printed.width)
                json.integer("rows", part.rowCount)
                json.integer("sameAs", part.likeNumber)
                json.millimetres("widthMillimetres", part.body.width)
                json.millimetres("xMillimetres", Length(tenthMicrometres: segment.origin.x))
                json.millimetres("yMillimetres", Length(tenthMicrometres: segment.origin.y))
            }
        }
    }

    private func writePrice(_ json: inout JSONWriter) {
        json.name("price")
        guard let price = needs.price else { return json.null() }
        json.object { json in
            json.string("amount", price.amountText)
            json.string("currency", price.currency)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func string(_ name: StaticString, _ text: String) {
        self.name(name)
        string(text)
    }

    fileprivate mutating func integer(_ name: StaticString, _ value: Int) {
        self.name(name)
        integer(value)
    }

    fileprivate mutating func millimetres(_ name: StaticString, _ length: Length) {
        self.name(name)
        millimetres(length)
    }

    fileprivate mutating func millimetres(_ name: StaticString, _ lengths: [Length]) {
        self.name(name)
        array { json in for length in lengths { json.millimetres(length) } }
    }

    private mutating func millimetres(_ length: Length) { decimal(length.tenthMicrometres, places: 4) }

    fileprivate mutating func size(_ name: StaticString, _ size: Size) {
        self.name(name)
        object { json in
            json.millimetres("depthMillimetres", size.depth)
            json.millimetres("widthMillimetres", size.width)
        }
    }

    /// Rounded up to a tenth: what is reckoned is no more exact than that.
    fileprivate mutating func tenths(_ name: StaticString, upFrom value: Double) {
        self.name(name)
        decimal(Int((min(max(value, 0), 1e15) * 10).rounded(.up)), places: 1)
    }
}
