extension SegmentShape {
    /// The part carries its number: that is wished, and a wall has room for it.
    package static func isNumbered(_ segment: SegmentPlan, wish: PlateWish) -> Bool {
        guard wish.numbering != nil else { return false }
        let frame = SegmentFrame(segment, wish: wish)
        return NumberPlace(frame: frame, edgeTabs: EdgeTabs(frame)).spot() != nil
    }
}

extension PlatePlan {
    private struct Place: Hashable {
        let shape: Int
        let width: Int
    }

    /// Parts that were to be numbered and have no wall for it.
    package var unnumberedParts: [Int] {
        guard wish.numbering != nil else { return [] }
        // Parts that are made alike have the same walls: only how wide the number is can tell them apart.
        var known: [Place: Bool] = [:]
        return zip(segments, firstAlike).compactMap { segment, like in
            let place = Place(shape: like, width: Digits.width(of: segment.number, size: Length.perMillimetre))
            let isNumbered = known[place] ?? SegmentShape.isNumbered(segment, wish: wish)
            known[place] = isNumbered
            return isNumbered ? nil : segment.number
        }
    }

    /// What people should know of the plate that they did not ask for.
    package var notes: [String] {
        let parts = unnumberedParts
        guard let first = parts.first else { return [] }
        if parts.count == 1 { return ["Part \(first) carries no number: no wall has room for it."] }
        return ["Parts \(AssemblySheet.text(parts)) carry no number: no wall has room for it."]
    }
}
