package import HTTPClient
package import Kernel

/// How operators are told of what needs them.
package struct NotificationSettings: Sendable {
    package let isEnabled: Bool
    /// Nil: nobody is mailed.
    package let smtpHost: String?
    package let smtpPort: Int
    package let smtpSecurity: SMTPClient.Security
    package let smtpUser: String?
    package let smtpPassword: String?
    package let smtpFrom: MailAddress?
    package let operatorAddresses: [MailAddress]
    package let smtpTimeoutMilliseconds: Int
    /// Base64url of 32 bytes; nil: no push messages.
    package let pushKey: String?
    /// `mailto:` or `https:`; nil while neither it nor a sender's address is known.
    package let pushContact: String?
    package let pushTimeoutMilliseconds: Int

    init(reading reader: inout SettingsReader) {
        isEnabled = reader.boolean("NOTIFICATIONS_ENABLED")
        smtpHost = reader.hostName("SMTP_HOST")
        smtpPort = reader.integer("SMTP_PORT")
        smtpSecurity = reader.choice("SMTP_SECURITY", else: .startTLS)
        smtpUser = reader.text("SMTP_USER")
        smtpPassword = reader.key("SMTP_PASS")
        let from = reader.mailAddresses("SMTP_FROM").first
        smtpFrom = from
        operatorAddresses = reader.mailAddresses("OPERATOR_EMAIL")
        smtpTimeoutMilliseconds = reader.integer("SMTP_TIMEOUT_MS")
        pushKey = reader.pushKey("VAPID_PRIVATE_KEY")
        pushContact = reader.contact("VAPID_SUBJECT") ?? from.map { "mailto:\($0.text)" }
        pushTimeoutMilliseconds = reader.integer("PUSH_TIMEOUT_MS")
    }

    /// Mails would go over the network for everybody to read; a server on this machine needs no TLS.
    var isPlainToAnotherMachine: Bool {
        guard let smtpHost, smtpSecurity == .none else { return false }
        return smtpHost != "localhost" && !(smtpHost.hasPrefix("127.") && HostName.isIPv4(smtpHost))
    }
}

extension SettingsReader {
    mutating func mailAddresses(_ name: String) -> [MailAddress] {
        guard let text = text(name) else { return [] }
        let written = text.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
        let addresses = written.compactMap(MailAddress.init)
        let row = SettingsTable.byName[name]
        let isTooMany = row?.kind == .mailAddress && written.count > 1
        guard !addresses.isEmpty, addresses.count == written.count, !isTooMany else {
            report(
                SettingsProblem(
                    name, "is no e-mail address", allowed: row?.kind.allowed,
                    remedy: "Write name@example.com alone, without a name before it."))
            return []
        }
        return addresses
    }

    mutating func contact(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        let address = text.hasPrefix("mailto:") ? MailAddress(String(text.dropFirst("mailto:".count))) : nil
        let url = text.hasPrefix("https://") ? VendorURL(text) : nil
        guard address != nil || url != nil else {
            report(
                SettingsProblem(
                    name, "is no contact", allowed: SettingsTable.byName[name]?.kind.allowed,
                    remedy: "Mend or unset it."))
            return nil
        }
        return text
    }
}
