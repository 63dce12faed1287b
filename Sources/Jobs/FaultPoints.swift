import Glibc

/// Named places where a test lets the process die, freeze or fail: always in the binary, armed only by name, refused
/// in production by whoever reads the setting (DESIGN §5).
package struct FaultPoints: Sendable {
    package enum Point: String, Hashable, Sendable, CaseIterable {
        case beforeIntentCommit = "before-intent-commit"
        case afterIntentCommit = "after-intent-commit"
        case beforeSend = "before-send"
        case afterSend = "after-send"
        case beforeCompletionCommit = "before-completion-commit"
        case afterCompletionCommit = "after-completion-commit"
    }

    /// An entry of the list that says nothing to us.
    package struct Unreadable: Error, Hashable, CustomStringConvertible {
        package let entry: String

        package var description: String {
            "\(entry) is no fault: name:kill or name:delay-<milliseconds>, with a name of "
                + FaultPoints.Point.allCases.map(\.rawValue).joined(separator: ", ")
        }
    }

    /// Nothing is armed.
    package static let none = FaultPoints(action: nil)

    private enum Fault: Sendable {
        case kill
        case delay(Duration)
    }

    private let action: (@Sendable (Point) async throws -> Void)?

    /// For tests in the same process: what happens at each point.
    package init(_ action: @escaping @Sendable (Point) async throws -> Void) {
        self.init(action: action)
    }

    private init(action: (@Sendable (Point) async throws -> Void)?) {
        self.action = action
    }

    /// Reads `after-send:kill,before-send:delay-500`; empty text arms nothing.
    /// - Throws: `Unreadable`.
    package init(parsing text: String) throws {
        var faults: [Point: Fault] = [:]
        for entry in text.split(separator: ",") {
            let entry = entry.filter { $0 != " " }
            let parts = entry.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let point = Point(rawValue: String(parts[0])), let fault = Self.fault(parts[1])
            else { throw Unreadable(entry: entry) }
            faults[point] = fault
        }
        guard !faults.isEmpty else {
            self = .none
            return
        }
        self.init { [faults] point in
            switch faults[point] {
            case .kill?: kill(getpid(), SIGKILL)
            case .delay(let duration)?: try await Task.sleep(for: duration)
            case nil: break
            }
        }
    }

    private static func fault(_ text: Substring) -> Fault? {
        if text == "kill" { return .kill }
        let digits = text.dropFirst("delay-".count)
        guard text.hasPrefix("delay-"), (1...6).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return .delay(.milliseconds(digits.utf8.reduce(0) { $0 * 10 + Int($1 - 0x30) }))
    }

    func reach(_ point: Point) async throws {
        try await action?(point)
    }
}
