import ArgumentParser
import Foundation

/// `forma3d doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks everything the server depends on and says how to mend it.",
        discussion: """
            Settings, disk, limits, database, migrations, clock, and each vendor with the keys given. Changes nothing.
            Exit code 0 when nothing failed (warnings are fine), else 1.
            """)

    @Flag(help: "Leave the vendors out.")
    var offline = false

    func run() async throws {
        let settings = try Settings.loadOrExit()
        try await SystemAccess.withChecks(settings, includesVendors: !offline) { checks in
            let results = await Check.run(checks, for: .doctor)
            for (name, result) in results { CommandOutput.line(Self.line(name, result)) }
            if results.contains(where: { $0.result.status == .failed }) { throw ExitCode.failure }
        }
    }

    static func line(_ name: String, _ result: CheckResult) -> String {
        let mark =
            switch result.status {
            case .ok: "ok     "
            case .warning: "warning"
            case .failed: "FAILED "
            }
        return "\(mark)  \(name): \(result.message)"
    }
}
