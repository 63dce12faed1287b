package import Contracts
package import FoundationEssentials
package import Kernel

/// Tag of `SliceID`.
package enum SliceTag {}
/// One thing that a slicer said.
package typealias SliceID = ID<SliceTag>

/// What a real slicer said of one print of plate parts.
package struct Slice: Hashable, Sendable {
    package let id: SliceID
    /// In the operator's words, a file's name say; one source counts once.
    package let source: String
    package let material: String
    /// nil when it was not said: it counts for every infill.
    package let infillPercent: Double?
    package let partCount: Int
    /// Of all its parts together; one of the two is there.
    package let cubicMillimetres: Double?
    package let grams: Double?
    package let seconds: Int
    package let designID: DesignID?
    /// By the database's clock, when it is kept.
    package let recordedAt: Date?

    package init(
        id: SliceID, source: String, material: String, infillPercent: Double?, partCount: Int,
        cubicMillimetres: Double?, grams: Double?, seconds: Int, designID: DesignID?, recordedAt: Date?
    ) {
        self.id = id
        self.source = source
        self.material = material
        self.infillPercent = infillPercent
        self.partCount = partCount
        self.cubicMillimetres = cubicMillimetres
        self.grams = grams
        self.seconds = seconds
        self.designID = designID
        self.recordedAt = recordedAt
    }
}
