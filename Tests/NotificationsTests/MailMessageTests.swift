import FoundationEssentials
import Kernel
import Notifications
import Testing

private func message(
    subject: String = "Order #1001: a print failed", body: String = "Look.", reference: String = "ab-1"
) throws -> MailMessage? {
    MailMessage(
        from: try #require(MailAddress("forma3d@shop.example")), to: try #require(MailAddress("operator@example.com")),
        subject: subject, body: body, reference: reference, date: Date(timeIntervalSince1970: 1_764_030_614))
}

@Suite struct MailMessageTests {
    @Test func theMailIsWhole() throws {
        let text = try #require(try message()).text
        #expect(
            text
                == [
                    "Date: Tue, 25 Nov 2025 00:30:14 +0000", "From: Forma3D.Connect <forma3d@shop.example>",
                    "To: operator@example.com", "Subject: Order #1001: a print failed",
                    "Message-ID: <ab-1@shop.example>",
                    "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
                    "Content-Transfer-Encoding: quoted-printable", "", "Look.", "",
                ].joined(separator: "\r\n"))
    }

    @Test(arguments: [
        "a\r\nBcc: thief@example.com", "a\nb", "a\rb", "a\u{0}b", "a\u{85}b", "a\u{2028}b", "a\u{7F}", "",
        String(repeating: "x", count: 201),
    ])
    func aSubjectThatCouldBeMoreThanOneIsRefused(subject: String) throws {
        #expect(try message(subject: subject) == nil)
    }

    @Test(arguments: ["", "a b", "a>\r\nBcc: x", "a@b", "ä"])
    func aReferenceThatCouldBeMoreThanOneIsRefused(reference: String) throws {
        #expect(try message(reference: reference) == nil)
    }

    /// RFC 2047: no word above 75 characters, no character divided between two.
    @Test(arguments: [
        "Bestellung für Zoë", String(repeating: "🧱", count: 40), String(repeating: "long ", count: 30), "=?utf-8?Q?x?=",
        "ends with a space ",
    ])
    func aSubjectOfAnyLettersIsEncoded(subject: String) throws {
        let text = try #require(try message(subject: subject)).text
        let head = try #require(
            text.components(separatedBy: "Subject: ").last?.components(separatedBy: "\r\nMessage-ID").first)
        var decoded: [UInt8] = []
        for word in head.components(separatedBy: "\r\n ") {
            #expect(word.utf8.count <= 75)
            let start = "=?UTF-8?Q?"
            try #require(word.hasPrefix(start) && word.hasSuffix("?="))
            let piece = decode(word.dropFirst(start.count).dropLast(2).replacing("_", with: " "))
            // Each word stands for itself.
            #expect(String(validating: piece, as: UTF8.self) != nil)
            decoded += piece
        }
        #expect(String(decoding: decoded, as: UTF8.self) == subject)
    }

    @Test(arguments: [
        "", "plain", "ends with a space ", "tab\t", ".", "..two", "From me", "=3D", "é",
        String(repeating: "x", count: 300),
        String(repeating: "ü", count: 100), "two\nlines\r\nthree", "a  b",
    ])
    func aBodyComesBackAsItWas(body: String) {
        let encoded = QuotedPrintable.body(body)
        for line in encoded.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76)
            // A lone dot would end the mail, a space at the end would be lost.
            #expect(!line.hasPrefix("."))
            #expect(!line.hasSuffix(" ") && !line.hasSuffix("\t"))
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 })
        }
        let decoded = String(decoding: decode(encoded.replacing("=\r\n", with: "")[...]), as: UTF8.self)
        #expect(decoded == body.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n") + "\r\n")
    }

    private func decode(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

@Suite struct NoticeTests {
    @Test func anOrderNumberIsOneShortLine() {
        #expect(Notice.plain(orderNumber: "#1001") == "#1001")
        #expect(Notice.plain(orderNumber: "#1\r\nBcc: x") == "#1Bcc: x")
        #expect(Notice.plain(orderNumber: String(repeating: "9", count: 100)).count == 40)
    }

    @Test func aNoticeAboutNoticesIsNotMade() {
        #expect(!Notice.tells(ofJob: "notifications.send-mail"))
        // Fulfilment says so itself.
        #expect(!Notice.tells(ofJob: "fulfilment.create"))
        #expect(Notice.tells(ofJob: "shipping.create-parcel"))
    }

    @Test(arguments: [
        "http://push.example/x", "https://", "https://user@push.example/", "ftp://push.example",
        "https://push.example/#a",
        "https://push.example/a b", "https:///path", "javascript:x", "https://:443/",
    ])
    func anEndpointThatIsNoneIsRefused(url: String) {
        #expect(PushEndpoint(url, allowsPlainHTTP: false) == nil)
    }

    @Test func theOriginIsWhatATokenIsFor() {
        #expect(
            PushEndpoint("https://Push.example:8443/a?b", allowsPlainHTTP: false)?.origin == "https://push.example:8443"
        )
        #expect(PushEndpoint("http://127.0.0.1:1/a", allowsPlainHTTP: true)?.origin == "http://127.0.0.1:1")
    }
}
