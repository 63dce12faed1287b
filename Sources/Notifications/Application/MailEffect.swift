import FoundationEssentials
package import HTTPClient
import Jobs
package import Kernel

/// A mail to an operator: nobody can look up afterwards whether it went, so it goes at most once (ADR-053).
package struct MailEffect: OnceOnlyVendor {
    package static let kind = "mail"

    package struct Request: Codable, Hashable, Sendable {
        package let recipient: String
        package let subject: String
        package let body: String
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package let messageID: String
    }

    private let client: SMTPClient
    private let sender: MailAddress
    private let time: Time
    package let callTimeoutSeconds: Double

    package init(client: SMTPClient, sender: MailAddress, callTimeoutSeconds: Double, time: Time) {
        self.client = client
        self.sender = sender
        self.callTimeoutSeconds = callTimeoutSeconds
        self.time = time
    }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        guard let recipient = MailAddress(request.recipient),
            let message = MailMessage(
                from: sender, to: recipient, subject: request.subject, body: request.body, reference: reference,
                date: time.now())
        else {
            throw EffectSendFailure(.notMade, cause: JobFailure.rejected("No mail can be made of this notice."))
        }
        let mail = SMTPClient.Mail(sender: sender, recipient: recipient, content: Array(message.text.utf8))
        do {
            try await client.send(mail, timeoutSeconds: callTimeoutSeconds)
        } catch {
            throw EffectSendFailure(error.mayHaveHappened ? .unknown : .notMade, cause: error)
        }
        return Receipt(messageID: message.messageID)
    }
}
