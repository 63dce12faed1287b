/// What `forma3d config --check` prints: the value each variable would give, secrets hidden.
enum SettingsReport {
    static func lines(environment: [String: String]) -> [String] {
        SettingsTable.all.filter(\.isRead).map { row in
            "\(row.name)=\(shown(row, environment))"
        }
    }

    private static func shown(_ row: Setting, _ environment: [String: String]) -> String {
        let plain = SettingsReader.trimmed(environment[row.name] ?? "")
        let file = row.fileVariable.flatMap { environment[$0] } ?? ""
        if row.isSensitive {
            if !file.isEmpty { return "(secret, from a file)" }
            if !plain.isEmpty { return plain == "private" ? plain : "(secret, \(plain.count) characters)" }
        } else if !plain.isEmpty {
            return plain
        }
        if let fallback = row.fallback, let other = SettingsTable.byName[fallback],
            !(environment[fallback] ?? "").isEmpty || !(environment[fallback + "_FILE"] ?? "").isEmpty
        {
            return "(from \(fallback)) " + shown(other, environment)
        }
        if let value = row.defaultText { return "\(value) (default)" }
        return "(unset\(row.whenUnset.map { ": " + $0.replacing("`", with: "") } ?? ""))"
    }
}
