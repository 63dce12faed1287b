/// A length in whole tenths of a micrometre (1e-4 mm): exact sums, exact comparisons, the same on every machine.
package struct Length: Hashable, Comparable, Sendable {
    package let tenthMicrometres: Int

    package init(tenthMicrometres: Int) { self.tenthMicrometres = tenthMicrometres }

    /// Rounded to the nearest; `millimetres` is finite and below a kilometre (wishes are checked before).
    package init(millimetres: Double) {
        tenthMicrometres = Int((millimetres * Double(Self.perMillimetre)).rounded())
    }

    package static let perMillimetre = 10_000
    package static let zero = Length(tenthMicrometres: 0)

    package var millimetres: Double { Double(tenthMicrometres) / Double(Self.perMillimetre) }

    package static func < (left: Length, right: Length) -> Bool { left.tenthMicrometres < right.tenthMicrometres }
    package static func + (left: Length, right: Length) -> Length {
        Length(tenthMicrometres: left.tenthMicrometres + right.tenthMicrometres)
    }
    package static func - (left: Length, right: Length) -> Length {
        Length(tenthMicrometres: left.tenthMicrometres - right.tenthMicrometres)
    }
    package static prefix func - (value: Length) -> Length { Length(tenthMicrometres: -value.tenthMicrometres) }
    package static func * (value: Length, factor: Int) -> Length {
        Length(tenthMicrometres: value.tenthMicrometres * factor)
    }
}

/// A point of a plate seen from above, in tenths of a micrometre: x to the east, y to the north.
package struct Point: Hashable, Sendable {
    package var x: Int
    package var y: Int

    package init(_ x: Int, _ y: Int) {
        self.x = x
        self.y = y
    }
}
