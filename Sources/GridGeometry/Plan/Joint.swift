/// A tab of the intersection puzzle on a side of a part: where it stands and which of its two halves the part has.
///
/// The tab stands at a cell corner. Seen along the side (west to east, south to north) its `before` half lies below the
/// corner and its `after` half above. Both parts of a seam get the same joints, so every male half finds its female one.
/// Where three parts meet, the tab belongs to the seam that passes through; the seam that ends there has none, so no
/// half tab ever reaches into a third part or beyond the plate's edge.
package struct Joint: Hashable, Sendable {
    /// From the part's south-west corner, along the side.
    package let offset: Length
    package let hasBefore: Bool
    package let hasAfter: Bool

    package init(offset: Length, hasBefore: Bool, hasAfter: Bool) {
        self.offset = offset
        self.hasBefore = hasBefore
        self.hasAfter = hasAfter
    }
}
