/// A program to start: its words, its surroundings, the user it runs as.
package struct Command: Sendable {
    /// Where a stream of the program goes.
    package enum Output: Sendable {
        case null
        /// Appended to; made with mode 0600 when it is not there.
        case file(path: String)
        /// Kept in memory, up to `RunningProcess.outputBytesMaximum`; read it with `RunningProcess.output()`.
        case captured
    }

    /// An absolute path.
    package var executable: String
    package var arguments: [String]
    package var environment: [String: String]
    /// Nil leaves it as it is.
    package var workingDirectory: String?
    /// Nil stays who we are; another user needs root.
    package var user: UserAccount?
    package var output: Output
    /// A directory opened by us that the program finds as `/proc/self/fd/3`, even where it could not walk to it.
    package var handedDirectory: DirectoryHandle?

    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil, user: UserAccount? = nil, output: Output = .null,
        handedDirectory: DirectoryHandle? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
        self.output = output
        self.handedDirectory = handedDirectory
    }

    /// Where a program finds `handedDirectory`.
    package static let handedDirectoryPath = "/proc/self/fd/3"
}

/// A program that could not be started, or ended badly.
package struct ProcessFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
