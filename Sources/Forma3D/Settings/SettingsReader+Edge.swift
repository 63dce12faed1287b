import Routing

/// Settings whose values know by themselves what is wrong with them.
extension SettingsReader {
    mutating func trustedProxies(_ name: String) -> TrustedProxies {
        guard let text = text(name) else { return .none }
        do {
            return try TrustedProxies(parsing: text, field: name)
        } catch {
            report(
                SettingsProblem(
                    name, error.reason, allowed: error.allowed, remedy: "Mend it, or unset it for loopback."))
            return .none
        }
    }

    mutating func crossOrigin(_ name: String) -> CrossOriginPolicy? {
        guard let text = text(name) else { return nil }
        let origins = text.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
        do {
            return try CrossOriginPolicy(origins: origins, field: name)
        } catch {
            report(SettingsProblem(name, error.reason, allowed: error.allowed, remedy: "Mend or unset it."))
            return nil
        }
    }

    mutating func socketPath(_ name: String) -> String? {
        guard let path = text(name) else { return nil }
        guard path.hasPrefix("/"), !path.hasSuffix("/"), path.utf8.count <= Setting.Kind.socketPathBytesMaximum,
            !path.utf8.contains(0)
        else {
            report(
                SettingsProblem(
                    name, "is no path that a socket can have", allowed: Setting.Kind.socketPath.allowed,
                    remedy: "Write a shorter absolute path, or unset it."))
            return nil
        }
        return path
    }
}
