/// Turns a request into a wish and keeps what cannot be understood, so that all bad fields are told at once.
struct WishReader {
    let request: PlateRequest
    var items: [PlateRefusal.Item] = []

    init(_ request: PlateRequest) { self.request = request }

    mutating func refuse(_ field: String, _ reason: String, allowed: String? = nil, nearest: String? = nil) {
        items.append(PlateRefusal.Item(field, reason, allowed: allowed, nearest: nearest))
    }

    mutating func wish() throws(PlateRefusal) -> PlateWish {
        let drawer = Size(
            width: required("drawerWidthMillimetres", request.drawerWidthMillimetres, PlateLimits.drawer),
            depth: required("drawerDepthMillimetres", request.drawerDepthMillimetres, PlateLimits.drawer))
        var wish = PlateWish(drawer: drawer, bed: bed())
        wish.clearance = sides("clearanceMillimetres", request.clearanceMillimetres, PlateLimits.clearance)
        wish.fillerX = filler(
            "X", request.fillerX, request.fillerFractionX, request.fillerMinimumXMillimetres)
        wish.fillerY = filler(
            "Y", request.fillerY, request.fillerFractionY, request.fillerMinimumYMillimetres)
        wish.alignmentX = tenths("alignmentX", request.alignmentX, wish.alignmentX)
        wish.alignmentY = tenths("alignmentY", request.alignmentY, wish.alignmentY)
        wish.edgeAdjust = sides("edgeAdjustMillimetres", request.edgeAdjustMillimetres, PlateLimits.edgeAdjust)
        wish.hasSeparatePadding = request.separatePadding ?? false
        wish.split.columns = request.columns
        wish.split.rowsEven = request.rowsEven
        wish.split.rowsOdd = request.rowsOdd
        wish.split.isStaggered = request.staggered ?? true
        var intersection = IntersectionConnector()
        intersection.fit = tenths("intersectionFit", request.intersectionFit, intersection.fit)
        wish.intersectionConnector = request.intersectionConnector ?? true ? intersection : nil
        wish.edgeConnector = request.edgeConnector ?? false ? edgeConnector() : nil
        wish.magnets = request.magnets ?? false ? magnets() : nil
        wish.numbering = request.numbering ?? true ? numbering() : nil
        wish.cornerRadius = length(
            "cornerRadiusMillimetres", request.cornerRadiusMillimetres, wish.cornerRadius, PlateLimits.cornerRadius)
        wish.solidBase = length(
            "solidBaseMillimetres", request.solidBaseMillimetres, wish.solidBase, PlateLimits.solidBase)
        wish.cellOverride = override()
        refuseLaterFeatures(wish)
        // A wish with a field left out still tells of the others.
        let check = items.isEmpty ? WishCheck(wish) : WishCheck(rangesOf: wish)
        items += check.items.filter { item in !items.contains { $0.field == item.field } }
        guard items.isEmpty else { throw PlateRefusal(items) }
        // Nothing but ordinary cells is no override: one design has one wish.
        if wish.cellOverride.allSatisfy({ $0 == .cell }) { wish.cellOverride = [] }
        return wish
    }
}

extension WishReader {
    /// Anything a plate could have is far below this; above it whole numbers of 1e-4 mm would end.
    private static let hugeMillimetres = 1e6

    mutating func length(
        _ field: String, _ value: Double?, _ fallback: Length, _ range: PlateLimits.Range
    ) -> Length {
        guard let value else { return fallback }
        guard value.isFinite, abs(value) <= Self.hugeMillimetres else {
            let nearest = value.isNaN ? nil : MillimetreText.of(value < 0 ? range.least : range.most)
            let reason = value.isNaN ? "is not a number" : value < 0 ? "is negative" : "is too large"
            refuse(field, reason, allowed: range.words, nearest: nearest)
            return fallback
        }
        return Length(millimetres: value)
    }

    private mutating func required(_ field: String, _ value: Double?, _ range: PlateLimits.Range) -> Length {
        if value == nil { refuse(field, "is missing", allowed: range.words) }
        return length(field, value, Length(millimetres: 100), range)
    }

    private mutating func sides(
        _ field: String, _ value: Sides<Double>?, _ range: PlateLimits.Range
    ) -> Sides<Length> {
        guard let value else { return Sides(all: .zero) }
        return Sides(
            north: length(field + ".north", value.north, .zero, range),
            east: length(field + ".east", value.east, .zero, range),
            south: length(field + ".south", value.south, .zero, range),
            west: length(field + ".west", value.west, .zero, range))
    }

    private mutating func bed() -> Size {
        let fallback = Size(width: Length(millimetres: 250), depth: Length(millimetres: 220))
        var preset: PrinterBed?
        if let printer = request.printer {
            preset = PrinterBed.preset(printer)
            if preset == nil {
                let keys = PrinterBed.presets.map(\.key).joined(separator: ", ")
                refuse("printer", "is not a printer known here", allowed: keys)
            }
        }
        let range = PlateLimits.bed
        let size = preset?.size ?? fallback
        if request.printer == nil {
            if request.bedWidthMillimetres == nil {
                refuse("bedWidthMillimetres", "is missing, and so is printer", allowed: range.words)
            }
            if request.bedDepthMillimetres == nil {
                refuse("bedDepthMillimetres", "is missing, and so is printer", allowed: range.words)
            }
        }
        // A size beside the printer is the part of its bed that may be used.
        return Size(
            width: length("bedWidthMillimetres", request.bedWidthMillimetres, size.width, range),
            depth: length("bedDepthMillimetres", request.bedDepthMillimetres, size.depth, range))
    }

    private mutating func filler(_ axis: String, _ kind: String?, _ fraction: Int?, _ minimum: Double?) -> Filler {
        switch kind ?? "fraction" {
        case "none": return .none
        case "fraction": return .fraction(fraction ?? 2)
        case "dynamic":
            let field = "fillerMinimum\(axis)Millimetres"
            return .dynamic(
                minimum: length(field, minimum, Length(millimetres: 15), PlateLimits.fillerMinimum))
        default:
            refuse("filler\(axis)", "is not a filler", allowed: "none, fraction or dynamic")
            return .none
        }
    }

    /// Steps of a tenth, as upstream's sliders have; what lies between would be rounded behind the customer's back.
    private mutating func tenths(_ field: String, _ value: Double?, _ fallback: Int) -> Int {
        guard let value else { return fallback }
        let allowed = "0 to 1 in steps of 0.1"
        guard value.isFinite else {
            refuse(field, "is not a number", allowed: allowed)
            return fallback
        }
        let tenths = Int((min(max(value, -1), 2) * 10).rounded())
        let nearest = min(max(tenths, 0), 10)
        guard (0...10).contains(tenths), abs(value * 10 - Double(tenths)) < 1e-6 else {
            let text = nearest == 10 ? "1" : nearest == 0 ? "0" : "0.\(nearest)"
            refuse(field, "is not one of the steps", allowed: allowed, nearest: text)
            return fallback
        }
        return tenths
    }
}

extension PlateRequest {
    /// - Throws: every field that stands in the way of a plate.
    package func wish() throws(PlateRefusal) -> PlateWish {
        var reader = WishReader(self)
        return try reader.wish()
    }
}
