import ArgumentParser

/// `forma3d-demo`: shows the whole job against the stand-ins, and replays recorded payloads. For development only.
@main
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forma3d-demo", abstract: "Shows what forma3d does, from an order to its fulfilment.",
        subcommands: [RunCommand.self, ReplayCommand.self, BenchCommand.self, QueueCommand.self],
        defaultSubcommand: RunCommand.self)
}
