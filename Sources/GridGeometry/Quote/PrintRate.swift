/// Print time from weight: a fixed part for heating, levelling and the first lines, and so many minutes for each gram.
package struct PrintRate: Hashable, Sendable {
    /// What a slicer said of one print.
    package struct Slice: Hashable, Sendable {
        package let grams: Double
        package let minutes: Double

        package init(grams: Double, minutes: Double) {
            self.grams = grams
            self.minutes = minutes
        }
    }

    package var minutesPerPart: Double
    package var minutesPerGram: Double
    /// Slices it was made from; 0 is a guess.
    package let sampleCount: Int

    package init(minutesPerPart: Double, minutesPerGram: Double, sampleCount: Int = 0) {
        self.minutesPerPart = minutesPerPart
        self.minutesPerGram = minutesPerGram
        self.sampleCount = sampleCount
    }

    /// A guess until there are slices: a 0.4 mm nozzle that lays about 7 mm³ a second (1 g of PLA is 806 mm³).
    package static let uncalibrated = PrintRate(minutesPerPart: 5, minutesPerGram: 1.9)

    /// The straight line through real slices (least squares). Slices that say nothing are left out; from fewer than
    /// three, or when they make no sense as a line (a slope or a start below zero), only the slope is taken.
    package static func calibrated(from slices: [Slice]) -> PrintRate {
        let usable = slices.filter { $0.grams.isFinite && $0.minutes.isFinite && $0.grams > 0 && $0.minutes > 0 }
        let grams = usable.reduce(0) { $0 + $1.grams }
        let minutes = usable.reduce(0) { $0 + $1.minutes }
        guard grams > 0 else { return uncalibrated }
        let count = Double(usable.count)
        let meanGrams = grams / count
        let meanMinutes = minutes / count
        let spread = usable.reduce(0) { $0 + ($1.grams - meanGrams) * ($1.grams - meanGrams) }
        let joint = usable.reduce(0) { $0 + ($1.grams - meanGrams) * ($1.minutes - meanMinutes) }
        if usable.count >= 3, spread > 0 {
            let slope = joint / spread
            let start = meanMinutes - slope * meanGrams
            if slope > 0, start >= 0 {
                return PrintRate(minutesPerPart: start, minutesPerGram: slope, sampleCount: usable.count)
            }
        }
        return PrintRate(minutesPerPart: 0, minutesPerGram: minutes / grams, sampleCount: usable.count)
    }

    package func minutes(grams: Double) -> Double { minutesPerPart + minutesPerGram * grams }
}
