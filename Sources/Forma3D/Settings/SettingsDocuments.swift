/// `.env.example` and the reference page, computed from the table (`forma3d config --env` and `--markdown`).
enum SettingsDocuments {
    static func environmentFile() -> String {
        var text = """
            # Settings of forma3d. Made by `forma3d config --env`; what each one means in full:
            # docs/05-deployment/configuration-reference.md
            # Copy to .env, take the # away from a line to change it. Secrets may come from a file: NAME_FILE=/path.

            """
        for group in Setting.Group.allCases {
            text += "\n# --- \(group.rawValue) ---\n"
            for row in SettingsTable.all where row.group == group {
                text += "\n# \(row.purpose)\n"
                if let note = note(row) { text += "# \(note)\n" }
                text += "#\(row.name)=\(row.defaultText ?? "")\n"
            }
        }
        return text
    }

    static func markdown() -> String {
        var text = """
            # Configuration reference

            Made by `forma3d config --markdown` from the one table of settings; a test holds them equal.

            The server reads environment variables. All problems are told at once at start, each with the variable, what
            is wrong, what is allowed and how to mend it. `forma3d config --check` shows what a server would use, with
            secrets hidden. Every variable marked sensitive can be given as a file: `NAME_FILE=/run/secrets/name`.

            *Development* is `APP_ENV=development`, the default. Everywhere else the server refuses to start while a
            required variable is missing. Plain `http` addresses of vendors are refused in production, except to this
            machine. Variables of the original system that nothing reads any more are named in one warning.

            """
        for group in Setting.Group.allCases {
            text += "\n## \(group.rawValue)\n\n"
            text += "| Variable | Purpose | Default | Allowed | Required | Sensitive |\n|---|---|---|---|---|---|\n"
            for row in SettingsTable.all where row.group == group {
                let cells = [
                    "`\(row.name)`", row.purpose, fallbackText(row), row.kind.allowed, requirementText(row),
                    row.isSensitive ? "yes" : "no",
                ]
                text += "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
            }
        }
        return text
    }

    private static func note(_ row: Setting) -> String? {
        var notes: [String] = []
        if row.requirement != .never { notes.append("Required \(requirementText(row)).") }
        if let whenUnset = row.whenUnset { notes.append("Unset: \(whenUnset.replacing("`", with: "")).") }
        if row.isSensitive { notes.append("Sensitive.") }
        return notes.isEmpty ? nil : notes.joined(separator: " ")
    }

    private static func fallbackText(_ row: Setting) -> String {
        if let whenUnset = row.whenUnset { return whenUnset }
        return row.defaultText.map { "`\($0)`" } ?? "none"
    }

    private static func requirementText(_ row: Setting) -> String {
        switch row.requirement {
        case .never: "no"
        case .outsideDevelopment: "outside development"
        case .outsideDevelopmentWhenShipping: "outside development while SHIPPING_ENABLED is true"
        }
    }
}
