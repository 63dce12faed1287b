extension PlateWish {
    /// A bed on which the plate falls into no more parts than can have a number: the narrowest of whole millimetres, as
    /// far as wider beds make fewer parts. Nil where no width is enough.
    var nearestBedWidthForParts: String? {
        var trial = self
        func isEnough(_ millimetres: Int) -> Bool {
            trial.bed.width = Length(millimetres: Double(millimetres))
            return Planner.partCount(of: trial).map { $0 <= PlateLimits.parts } ?? false
        }
        var least = bed.width.tenthMicrometres / Length.perMillimetre
        var most = Int(PlateLimits.bed.most)
        guard isEnough(most) else { return nil }
        while most - least > 1 {
            let middle = (least + most) / 2
            if isEnough(middle) { most = middle } else { least = middle }
        }
        return String(most)
    }
}
