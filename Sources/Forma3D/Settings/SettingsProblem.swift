/// One thing wrong with the settings: which variable, what is wrong, what is allowed, how to mend it. Never the value.
struct SettingsProblem: Hashable, Sendable, CustomStringConvertible {
    let variable: String
    let problem: String
    let allowed: String?
    let remedy: String

    init(_ variable: String, _ problem: String, allowed: String? = nil, remedy: String) {
        self.variable = variable
        self.problem = problem
        self.allowed = allowed
        self.remedy = remedy
    }

    var description: String {
        let range = allowed.map { " Allowed: \($0)." } ?? ""
        return "\(variable): \(problem).\(range) \(remedy)"
    }
}

/// Everything wrong with the settings, told at once.
struct SettingsError: Error, Sendable, CustomStringConvertible {
    let problems: [SettingsProblem]

    var description: String {
        let count = problems.count == 1 ? "One setting needs" : "\(problems.count) settings need"
        let lines = problems.map { "  - \($0)" }.joined(separator: "\n")
        return "\(count) mending:\n\(lines)\nAll settings: docs/05-deployment/configuration-reference.md"
    }
}
