import Glibc

/// Which build this is: baked into the image as `BUILD_*` variables, `dev` everywhere else.
package struct BuildInfo: Hashable, Sendable, Codable {
    /// Follows CHANGELOG.md.
    package static let version = "0.1.0"

    package let number: String
    package let date: String
    package let commit: String

    package init(environment: [String: String]) {
        func value(_ name: String) -> String {
            let text = environment[name] ?? ""
            return text.isEmpty ? "dev" : String(text.prefix(64))
        }
        number = value("BUILD_NUMBER")
        date = value("BUILD_DATE")
        commit = value("BUILD_COMMIT")
    }
}
