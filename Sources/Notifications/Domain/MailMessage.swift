package import FoundationEssentials
package import Kernel

/// A mail as it goes over the wire (RFC 5322, RFC 2045): plain text in UTF-8, written by a machine.
package struct MailMessage: Hashable, Sendable {
    package let text: String
    package let messageID: String

    /// What fits on one line with its name (RFC 5322 §2.1.1).
    private static let plainSubjectCharactersMaximum = 60
    package static let subjectCharactersMaximum = 200

    /// - Parameter reference: what the mail is known by; it becomes the Message-ID.
    /// - Returns: nil when the subject or the reference has a line break or another control character: whoever could put
    ///   one there could write headers of their own.
    package init?(
        from sender: MailAddress, to recipient: MailAddress, subject: String, body: String, reference: String,
        date: Date
    ) {
        guard subject.count <= Self.subjectCharactersMaximum, !subject.isEmpty,
            subject.unicodeScalars.allSatisfy({ !Self.isControl($0) }), !reference.isEmpty,
            reference.utf8.allSatisfy({ Self.isReferenceByte($0) })
        else { return nil }
        messageID = "<\(reference)@\(sender.domain)>"
        let head = [
            "Date: \(Self.format(date))",
            "From: Forma3D.Connect <\(sender.text)>",
            "To: \(recipient.text)",
            "Subject: \(QuotedPrintable.words(subject, plainCharactersMaximum: Self.plainSubjectCharactersMaximum))",
            "Message-ID: \(messageID)",
            // RFC 3834 §5: nobody's holiday answer comes back.
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
        ]
        text = head.map { $0 + "\r\n" }.joined() + "\r\n" + QuotedPrintable.body(body)
    }

    /// Line and paragraph separators break lines in some programs.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    private static func isReferenceByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// RFC 5322 §3.3, in UTC.
    static func format(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let time = seconds - days * 86_400
        let (year, month, day) = civil(days)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7 + 7) % 7]
        let clock = "\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60))"
        return "\(weekday), \(day) \(months[month - 1]) \(year) \(clock) +0000"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Days since 1970 as a date of the Gregorian calendar, reckoned in eras of 400 years that begin in March.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
