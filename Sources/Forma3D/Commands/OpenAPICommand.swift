import ArgumentParser

/// `forma3d openapi`
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Prints the OpenAPI document of the HTTP API as JSON.")

    func run() throws {
        CommandOutput.text(try Server.openAPIDocument())
    }
}
