import ArgumentParser
import Foundation

/// `forma3d healthcheck`: what the container's HEALTHCHECK runs.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck", abstract: "Asks the server on this machine whether it is alive.",
        discussion: "GET /health/live on APP_PORT. Exit code 0 when it answers 200 within 4 seconds, else 1.")

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let port = UInt16(SettingsReader.trimmed(environment["APP_PORT"] ?? "")) ?? 3_000
        let probe = LivenessProbe(host: LivenessProbe.host(listeningOn: environment["APP_HOST"] ?? ""), port: port)
        switch probe.run() {
        case .alive: CommandOutput.line("alive")
        case .failed(let reason):
            CommandOutput.error("not alive: \(reason)")
            throw ExitCode.failure
        }
    }
}
