import Notifications

extension SettingsReader {
    mutating func pushKey(_ name: String) -> String? {
        guard let text = key(name) else { return nil }
        guard PushIdentity(key: text, contact: "mailto:nobody@example.com", allowsLocalServices: false) != nil else {
            report(
                SettingsProblem(
                    name, "is no private key", allowed: "base64url of the 32 bytes of a P-256 key",
                    remedy: "Make one with `openssl rand 32 | basenc --base64url | tr -d =`."))
            return nil
        }
        return text
    }
}
