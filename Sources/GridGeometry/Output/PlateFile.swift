/// What a plate can be written as.
package enum PlateFormat: String, Hashable, Sendable, CaseIterable {
    /// One file for each shape.
    case stl
    /// One file with all, laid out on beds.
    case threeMF = "3mf"
    /// One file for a preview, the plate assembled.
    case glb
}

package struct PlateFile: Hashable, Sendable {
    package let name: String
    package let mediaType: String
    package let bytes: [UInt8]

    package init(name: String, mediaType: String, bytes: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// What was made of a plate's segment.
package struct SegmentReport: Hashable, Sendable {
    package let number: Int
    /// The lowest number among the segments that are equal to this one: they share its files.
    package let sameAs: Int
    package let facts: MeshFacts
    /// Its STL file, when that was asked for.
    package let fileName: String?
    /// It carries its number on the underside.
    package let isNumbered: Bool
}
