/// The mails that were taken, in order. A second copy of one stays a second entry: that is what the ledger is for.
actor MailOffice {
    /// What a test run sends; beyond it the sink says so instead of filling the memory.
    static let mailsMaximum = 100_000

    private var mails: [ReceivedMail] = []

    /// False when it is full.
    func take(_ mail: ReceivedMail) -> Bool {
        guard mails.count < Self.mailsMaximum else { return false }
        mails.append(mail)
        return true
    }

    func reset() { mails = [] }

    var ledger: JSONNode {
        [
            "mails": .array(
                mails.map { mail in
                    [
                        "messageId": .text(mail.field("Message-ID")), "from": .string(mail.sender),
                        "to": .array(mail.recipients.map(JSONNode.string)), "subject": .text(mail.field("Subject")),
                    ]
                })
        ]
    }

    /// With their whole text, for people.
    var letters: JSONNode {
        .array(
            mails.map { mail in
                ["messageId": .text(mail.field("Message-ID")), "text": .string(mail.lines.joined(separator: "\n"))]
            })
    }
}
