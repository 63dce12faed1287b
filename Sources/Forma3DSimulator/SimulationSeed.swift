/// Everything that a simulated stretch of time depends on, as one text: `v1:pure:00000000000004d2:365:500`.
package struct SimulationSeed: Hashable, Sendable, CustomStringConvertible {
    package enum Layer: String, CaseIterable, Sendable {
        /// The pure machines and rules under a simulated shell.
        case pure
        /// The real modules on a real database.
        case sql
    }

    package let layer: Layer
    package let number: UInt64
    package let days: Int
    package let ordersPerDay: Int

    /// Changes when the same number no longer gives the same stretch of time.
    private static let version = "v1"
    private static let hexDigits = 16

    package init(layer: Layer, number: UInt64, days: Int, ordersPerDay: Int) {
        self.layer = layer
        self.number = number
        self.days = days
        self.ordersPerDay = ordersPerDay
    }

    /// Nil for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == Self.version, let layer = Layer(rawValue: parts[1]),
            parts[2].utf8.count == Self.hexDigits, let number = UInt64(parts[2], radix: 16),
            let days = Int(parts[3]), let ordersPerDay = Int(parts[4]), days > 0, ordersPerDay > 0
        else { return nil }
        self.init(layer: layer, number: number, days: days, ordersPerDay: ordersPerDay)
    }

    package var description: String {
        let hex = String(number, radix: 16)
        let padding = String(repeating: "0", count: Self.hexDigits - hex.utf8.count)
        return "\(Self.version):\(layer.rawValue):\(padding)\(hex):\(days):\(ordersPerDay)"
    }
}
