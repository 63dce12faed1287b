extension SegmentShape {
    /// The part carries its number: that is wished, and a wall has room for it.
    package static func isNumbered(_ segment: SegmentPlan, wish: PlateWish) -> Bool {
        guard wish.numbering != nil else { return false }
        let frame = SegmentFrame(segment, wish: wish)
        return !NumberPlace(frame: frame, edgeTabs: EdgeTabs(frame)).holes().isEmpty
    }
}

extension PlatePlan {
    /// Parts that were to be numbered and have no wall for it.
    package var unnumberedParts: [Int] {
        guard wish.numbering != nil else { return [] }
        return segments.filter { !SegmentShape.isNumbered($0, wish: wish) }.map(\.number)
    }

    /// What people should know of the plate that they did not ask for.
    package var notes: [String] {
        let parts = unnumberedParts
        guard let first = parts.first else { return [] }
        if parts.count == 1 { return ["Part \(first) carries no number: no wall has room for it."] }
        return ["Parts \(AssemblySheet.text(parts)) carry no number: no wall has room for it."]
    }
}
