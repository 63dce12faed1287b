/// Turns a request into a wish and keeps what cannot be understood, so that all bad fields are told at once.
struct WishReader {
    let request: PlateRequest
    /// The request without the values that are refused: the usual ones stand in for them.
    private(set) var readable: PlateRequest
    private(set) var items: [PlateRefusal.Item] = []

    init(_ request: PlateRequest) {
        self.request = request
        readable = request
    }

    mutating func refuse(_ field: String, _ reason: String, allowed: String? = nil, nearest: String? = nil) {
        items.append(PlateRefusal.Item(field, reason, allowed: allowed, nearest: nearest))
    }

    /// - Throws: every field that stands in the way, in the order of the request's fields.
    mutating func wish() throws(PlateRefusal) -> PlateWish {
        checkValues()
        checkPresence()
        let areValuesRight = items.isEmpty
        checkEffects()
        var wish = read()
        refuseLaterFeatures(wish)
        // What values make together is worth telling where each is right.
        if areValuesRight {
            let check = WishCheck(wish)
            items += check.items.filter { item in !items.contains { $0.field == item.field } }
        }
        guard items.isEmpty else { throw PlateRefusal(PlateRequest.inOrder(items)) }
        // Nothing but ordinary cells is no override: one design has one wish.
        if wish.cellOverride.allSatisfy({ $0 == .cell }) { wish.cellOverride = [] }
        return wish
    }
}

extension WishReader {
    private mutating func checkValues() {
        for field in PlateRequest.fields {
            let faults = FieldCheck(field).faults(in: request)
            guard !faults.isEmpty else { continue }
            items += faults
            field.clear(in: &readable)
        }
    }

    private mutating func checkPresence() {
        let drawer = PlateLimits.drawer.words
        let bed = PlateLimits.bed.words
        if request.drawerWidthMillimetres == nil { refuse("drawerWidthMillimetres", "is missing", allowed: drawer) }
        if request.drawerDepthMillimetres == nil { refuse("drawerDepthMillimetres", "is missing", allowed: drawer) }
        guard request.printer == nil else { return }
        if request.bedWidthMillimetres == nil {
            refuse("bedWidthMillimetres", "is missing, and so is printer", allowed: bed)
        }
        if request.bedDepthMillimetres == nil {
            refuse("bedDepthMillimetres", "is missing, and so is printer", allowed: bed)
        }
    }

    /// What does not count has the usual value: one design has one wish.
    private mutating func checkEffects() {
        for field in PlateRequest.fields where FieldCheck(field).missingNeed(in: request) != nil {
            field.clear(in: &readable)
            guard !items.contains(where: { $0.isOf(field) }) else { continue }
            if let item = FieldCheck(field).idle(in: request) { items.append(item) }
        }
    }

    private mutating func read() -> PlateWish {
        var wish = PlateWish(drawer: drawer(), bed: bed())
        wish.clearance = sides(readable.clearanceMillimetres)
        wish.fillerX = filler(readable.fillerX, readable.fillerFractionX, readable.fillerMinimumXMillimetres)
        wish.fillerY = filler(readable.fillerY, readable.fillerFractionY, readable.fillerMinimumYMillimetres)
        wish.alignmentX = tenths(readable.alignmentX, wish.alignmentX)
        wish.alignmentY = tenths(readable.alignmentY, wish.alignmentY)
        wish.edgeAdjust = sides(readable.edgeAdjustMillimetres)
        wish.hasSeparatePadding = readable.separatePadding ?? false
        wish.split.columns = readable.columns
        wish.split.rowsEven = readable.rowsEven
        wish.split.rowsOdd = readable.rowsOdd
        wish.split.isStaggered = readable.staggered ?? true
        var intersection = IntersectionConnector()
        intersection.fit = tenths(readable.intersectionFit, intersection.fit)
        wish.intersectionConnector = readable.intersectionConnector ?? true ? intersection : nil
        wish.edgeConnector = readable.edgeConnector ?? false ? edgeConnector() : nil
        wish.magnets = readable.magnets ?? false ? magnets() : nil
        wish.numbering = readable.numbering ?? true ? numbering() : nil
        wish.cornerRadius = length(readable.cornerRadiusMillimetres, wish.cornerRadius)
        wish.solidBase = length(readable.solidBaseMillimetres, wish.solidBase)
        wish.cellOverride = cellOverride(of: wish)
        return wish
    }

    func length(_ value: Double?, _ usual: Length) -> Length { value.map { Length(millimetres: $0) } ?? usual }

    private func tenths(_ value: Double?, _ usual: Int) -> Int { value.map { Int(($0 * 10).rounded()) } ?? usual }

    private func sides(_ value: Sides<Double>?) -> Sides<Length> {
        guard let value else { return Sides(all: .zero) }
        return Sides(
            north: Length(millimetres: value.north), east: Length(millimetres: value.east),
            south: Length(millimetres: value.south), west: Length(millimetres: value.west))
    }

    private func drawer() -> Size {
        let usual = Length(millimetres: 100)
        return Size(
            width: length(readable.drawerWidthMillimetres, usual),
            depth: length(readable.drawerDepthMillimetres, usual))
    }

    private func bed() -> Size {
        let usual = Size(width: Length(millimetres: 250), depth: Length(millimetres: 220))
        let size = readable.printer.flatMap(PrinterBed.preset)?.size ?? usual
        // A size beside the printer is the part of its bed that may be used.
        return Size(
            width: length(readable.bedWidthMillimetres, size.width),
            depth: length(readable.bedDepthMillimetres, size.depth))
    }

    private func filler(_ word: String?, _ fraction: Int?, _ minimum: Double?) -> Filler {
        switch word ?? Filler.usualWord {
        case "none": .none
        case "dynamic": .dynamic(minimum: length(minimum, Length(millimetres: 15)))
        default: .fraction(fraction ?? 2)
        }
    }
}

extension PlateRefusal.Item {
    /// `clearanceMillimetres.north` is of `clearanceMillimetres`.
    func isOf(_ other: PlateRequest.Field) -> Bool { PlateRequest.root(of: field) == other.name }
}

extension PlateRequest {
    /// The field's own name, without a side.
    static func root(of field: String) -> String { String(field.prefix { $0 != "." }) }

    /// In the order of the fields; what is no field comes last.
    static func inOrder(_ items: [PlateRefusal.Item]) -> [PlateRefusal.Item] {
        let names = fields.map(\.name)
        return items.enumerated()
            .map { (place: names.firstIndex(of: root(of: $1.field)) ?? names.count, index: $0, item: $1) }
            .sorted { ($0.place, $0.index) < ($1.place, $1.index) }
            .map(\.item)
    }
}
