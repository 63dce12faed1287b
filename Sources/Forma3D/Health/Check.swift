/// One question about the system's health and who asks it. One list of these feeds `forma3d doctor`, `/health/ready`
/// and `/health/dependencies` (DESIGN §3.12).
package struct Check: Sendable {
    package enum Use: Hashable, Sendable {
        /// `/health/ready`: without it the server can do nothing.
        case readiness
        /// `/health/dependencies`: a vendor.
        case dependency
        /// `forma3d doctor`.
        case doctor
    }

    /// `database`, `shopify`; what operators see.
    package let name: String
    package let uses: Set<Use>
    package let timeoutSeconds: Double
    private let ask: @Sendable () async -> CheckResult

    /// - Parameter ask: must end soon after its task is cancelled.
    package init(
        _ name: String, uses: Set<Use>, timeoutSeconds: Double = 10, ask: @escaping @Sendable () async -> CheckResult
    ) {
        self.name = name
        self.uses = uses
        self.timeoutSeconds = timeoutSeconds
        self.ask = ask
    }

    /// The answer, or a failure when it took too long.
    package func run() async -> CheckResult {
        await withTaskGroup(of: CheckResult?.self) { group in
            group.addTask { await ask() }
            group.addTask {
                try? await ContinuousClock().sleep(for: .seconds(timeoutSeconds))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failed("no answer within \(Int(timeoutSeconds)) s")
        }
    }

    /// Runs the checks of one use at the same time; answers in the order of the list.
    package static func run(_ checks: [Check], for use: Use) async -> [(name: String, result: CheckResult)] {
        let asked = checks.filter { $0.uses.contains(use) }
        return await withTaskGroup(of: (Int, CheckResult).self) { group in
            for (index, check) in asked.enumerated() { group.addTask { (index, await check.run()) } }
            var results: [Int: CheckResult] = [:]
            for await (index, result) in group { results[index] = result }
            return asked.enumerated().map { ($1.name, results[$0] ?? .failed("not run")) }
        }
    }
}

/// What a check found: a status and a sentence for the operator, without secrets or personal data.
package struct CheckResult: Hashable, Sendable {
    package enum Status: String, Sendable {
        case ok
        /// Works, but an operator should look.
        case warning
        case failed
    }

    package let status: Status
    package let message: String

    package init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    package static func ok(_ message: String) -> CheckResult { CheckResult(.ok, message) }
    package static func warning(_ message: String) -> CheckResult { CheckResult(.warning, message) }
    package static func failed(_ message: String) -> CheckResult { CheckResult(.failed, message) }
}
