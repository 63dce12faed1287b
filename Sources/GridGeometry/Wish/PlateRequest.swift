import Kernel

/// What a customer or program asks for, as the JSON body of a request: millimetres as numbers, everything optional but
/// the drawer and the bed (`printer` or its two sizes). What is not said is as in upstream's generator.
///
/// Sides are one number for all four or `{"north": 1, "east": 0, …}` (what is missing is 0). Unknown fields, and
/// values of the wrong kind, are refused by name.
package struct PlateRequest: Hashable, Sendable {
    package var drawerWidthMillimetres: Double?
    package var drawerDepthMillimetres: Double?
    /// Key of a preset of `PrinterBed`.
    package var printer: String?
    package var bedWidthMillimetres: Double?
    package var bedDepthMillimetres: Double?
    package var clearanceMillimetres: Sides<Double>?
    /// `none`, `fraction` or `dynamic`.
    package var fillerX: String?
    package var fillerY: String?
    package var fillerFractionX: Int?
    package var fillerFractionY: Int?
    package var fillerMinimumXMillimetres: Double?
    package var fillerMinimumYMillimetres: Double?
    /// Share of the padding that goes west and south, 0 to 1 in tenths.
    package var alignmentX: Double?
    package var alignmentY: Double?
    package var edgeAdjustMillimetres: Sides<Double>?
    package var separatePadding: Bool?
    /// Cells of each column of parts, west to east.
    package var columns: [Int]?
    /// Cells of each part of the first, third … column, south to north, and of the others.
    package var rowsEven: [Int]?
    package var rowsOdd: [Int]?
    package var staggered: Bool?
    package var intersectionConnector: Bool?
    /// 0 loose to 1 tight, in tenths.
    package var intersectionFit: Double?
    package var edgeConnector: Bool?
    package var edgeConnectorCountPerCell: Int?
    package var edgeConnectorBarWidthMillimetres: Double?
    package var edgeConnectorBarDepthMillimetres: Double?
    package var edgeConnectorNeckWidthMillimetres: Double?
    package var edgeConnectorNeckDepthMillimetres: Double?
    package var edgeConnectorGapMillimetres: Double?
    package var edgeConnectorHeightMillimetres: Double?
    package var edgeConnectorMaleDeltaMillimetres: Double?
    package var edgeConnectorMagnetBorder: Bool?
    package var edgeConnectorMagnetBorderWidthMillimetres: Double?
    package var magnets: Bool?
    /// `press-fit`, `glue-from-top` or `glue-from-bottom`.
    package var magnetStyle: String?
    /// `round` or `solid`.
    package var magnetFrame: String?
    package var magnetDiameterMillimetres: Double?
    package var magnetHeightMillimetres: Double?
    package var magnetTopMillimetres: Double?
    package var magnetBottomMillimetres: Double?
    package var magnetBorderMillimetres: Double?
    package var magnetReleaseWidthMillimetres: Double?
    package var numbering: Bool?
    package var numberDepthMillimetres: Double?
    package var numberSizeMillimetres: Double?
    package var numberSqueezedSizeMillimetres: Double?
    package var cornerRadiusMillimetres: Double?
    package var solidBaseMillimetres: Double?
    /// One letter for each cell, west to east and then south to north: `c` cell, `s` solid, `e` empty.
    package var cellOverride: String?
    /// Names of features that are not made yet and were switched on: refused by `wish()`.
    package var laterFeatures: [String] = []
    /// Fields that come from a saved configuration, which holds every parameter whether it counts or not: without
    /// effect they are ignored. What is said by itself and has no effect is refused.
    package var savedNames: Set<String> = []

    package init() {}

    package init(drawerWidthMillimetres: Double, drawerDepthMillimetres: Double, printer: String) {
        self.drawerWidthMillimetres = drawerWidthMillimetres
        self.drawerDepthMillimetres = drawerDepthMillimetres
        self.printer = printer
    }

    package init(
        drawerWidthMillimetres: Double, drawerDepthMillimetres: Double, bedWidthMillimetres: Double,
        bedDepthMillimetres: Double
    ) {
        self.drawerWidthMillimetres = drawerWidthMillimetres
        self.drawerDepthMillimetres = drawerDepthMillimetres
        self.bedWidthMillimetres = bedWidthMillimetres
        self.bedDepthMillimetres = bedDepthMillimetres
    }

    /// - Throws: a refusal that names every field that cannot be read.
    package static func read(_ json: [UInt8]) throws(PlateRefusal) -> PlateRequest {
        do {
            return try JSON.decode(PlateRequest.self, from: json)
        } catch let refusal as PlateRefusal {
            throw refusal
        } catch let error as DecodingError {
            throw PlateRefusal("body", error.sentence, allowed: "a JSON object")
        } catch {
            throw PlateRefusal("body", "cannot be read", allowed: "a JSON object")
        }
    }
}
