import HTTPClient
import Kernel
import Logging
import Notifications

/// Where notices go, as the settings say.
struct NoticeChannels: Sendable {
    /// Nil: nobody is mailed.
    let smtp: SMTPClient?
    let channels: NoticeJobs.Channels

    init(_ settings: Settings, time: Time, logger: Logger) {
        let own = settings.notifications
        var channels = NoticeJobs.Channels()
        channels.webURL = settings.webURL
        var smtp: SMTPClient?
        if own.isEnabled, let host = own.smtpHost, let sender = own.smtpFrom {
            let client = SMTPClient(
                configuration: .init(
                    host: host, port: own.smtpPort, security: own.smtpSecurity, user: own.smtpUser,
                    password: own.smtpPassword), logger: logger)
            smtp = client
            channels.mail = MailEffect(
                client: client, sender: sender, callTimeoutSeconds: Double(own.smtpTimeoutMilliseconds) / 1_000,
                time: time)
            channels.mailRecipients = own.operatorAddresses
        }
        if own.isEnabled, let key = own.pushKey, let contact = own.pushContact {
            channels.push = PushIdentity(key: key, contact: contact, allowsLocalServices: settings.isDevelopment)
            channels.pushTimeoutSeconds = Double(own.pushTimeoutMilliseconds) / 1_000
        }
        self.smtp = smtp
        self.channels = channels
    }
}
