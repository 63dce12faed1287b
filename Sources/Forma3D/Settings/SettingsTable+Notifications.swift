/// The rows of mails and push messages to operators; the original's names where it had one (ADR-023).
extension SettingsTable {
    static let notifications: [Setting] = [
        Setting(
            "NOTIFICATIONS_ENABLED", .notifications, .boolean,
            "Tells operators by mail and push message when work needs them.", defaultText: "true"),
        Setting(
            "SMTP_HOST", .notifications, .hostName, "The mail server that takes our mails.",
            whenUnset: "nobody is mailed"),
        Setting("SMTP_PORT", .notifications, .integer(1...65_535), "Its port.", defaultText: "587"),
        Setting(
            "SMTP_SECURITY", .notifications, .choice(["starttls", "tls", "none"]),
            "TLS after STARTTLS, which the server must offer, TLS from the start (port 465), or none, for a server on this "
                + "machine.", defaultText: "starttls"),
        Setting(
            "SMTP_USER", .notifications, .text, "The user to log in as at the mail server.", whenUnset: "no login"),
        Setting(
            "SMTP_PASS", .notifications, .key(charactersMinimum: 1), "The password of that user.",
            whenUnset: "no login", isSensitive: true),
        Setting(
            "SMTP_FROM", .notifications, .mailAddress, "The address our mails come from.",
            whenUnset: "needed with SMTP_HOST"),
        Setting(
            "OPERATOR_EMAIL", .notifications, .mailAddresses, "Who is mailed; each address gets a mail of its own.",
            whenUnset: "needed with SMTP_HOST"),
        Setting(
            "SMTP_TIMEOUT_MS", .notifications, .integer(100...300_000), "Longest time for handing over one mail.",
            defaultText: "30000"),
        Setting(
            "VAPID_PRIVATE_KEY", .notifications, .key(charactersMinimum: 1),
            "Our private key for push messages to browsers: base64url of 32 random bytes, "
                + "`openssl rand 32 | basenc --base64url | tr -d =`.",
            whenUnset: "no push messages", isSensitive: true),
        Setting(
            "VAPID_SUBJECT", .notifications, .contact, "Whom a browser's push service can ask about our messages.",
            whenUnset: "mailto: and SMTP_FROM"),
        Setting(
            "PUSH_TIMEOUT_MS", .notifications, .integer(100...300_000),
            "Longest wait for one answer of a push service.", defaultText: "30000"),
    ]
}
