package import GridGeometry

/// The minutes that quotes reckon with, and where they are from.
package struct MinuteRate: Hashable, Sendable {
    package enum Origin: String, CaseIterable, Sendable {
        /// What a slicer said of real parts.
        case slices
        /// The operator's settings.
        case estimate
    }

    package let printRate: PrintRate
    package let origin: Origin
    /// Slices of the material and infill that quotes reckon with, whether they are enough or not.
    package let sliceCount: Int

    /// So few could be of one odd part.
    package static let slicesLeast = 5

    package init(estimate: PrintRate, slices: [PrintRate.Slice] = []) {
        sliceCount = slices.count
        let isEnough = slices.count >= Self.slicesLeast
        printRate = isEnough ? .calibrated(from: slices) : estimate
        origin = isEnough ? .slices : .estimate
    }
}
