/// What came of a simulated stretch of time.
package struct SimulationReport: Sendable {
    /// A promise that was not kept.
    package struct Violation: Sendable, CustomStringConvertible {
        package let what: String
        package let order: String
        /// The last things that happened to the order, oldest first.
        package let history: [String]

        package var description: String {
            "\(what) (order \(order))\n" + history.map { "    \($0)" }.joined(separator: "\n")
        }
    }

    package let seed: SimulationSeed
    /// What was counted, in the order in which it is told.
    package let counts: [(name: String, value: Int)]
    package let violation: Violation?

    /// Several lines; the first says whether every promise was kept.
    package var text: String {
        let verdict = violation.map { "BROKEN \(seed): \($0)" } ?? "kept \(seed): every promise"
        return ([verdict] + counts.map { "  \($0.name): \($0.value)" }).joined(separator: "\n")
    }
}
