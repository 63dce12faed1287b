import ArgumentParser
import Foundation

extension Settings {
    /// The settings of this process; tells every problem on standard error and ends with code 78 when there are any.
    static func loadOrExit() throws -> Settings {
        do {
            return try load(
                environment: ProcessInfo.processInfo.environment, isRoot: geteuid() == 0, readFile: readTextFile)
        } catch let error as SettingsError {
            CommandOutput.error(error.description)
            throw ExitCode.configuration
        }
    }

    static func readTextFile(_ path: String) throws -> String {
        guard let text = String(data: try Data(contentsOf: URL(filePath: path)), encoding: .utf8) else {
            throw CocoaError(.fileReadInapplicableStringEncoding)
        }
        return text
    }
}

/// What a command says: results on standard output, complaints on standard error.
enum CommandOutput {
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func text(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
