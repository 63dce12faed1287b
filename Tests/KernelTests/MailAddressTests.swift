import Kernel
import Testing

@Suite struct MailAddressTests {
    @Test(arguments: ["a@b.example", "first.last+tag@sub.example.com", "o'hara@example.com", "root@localhost"])
    func aPlainAddressIsTaken(text: String) {
        #expect(MailAddress(text)?.text == text)
    }

    @Test(arguments: [
        "", "a", "@b.example", "a@", "a@b@c", "a b@c.example", "a@b.example\r\nBcc: x@y.example", "a@b.example\n",
        "<a@b.example>", "A <a@b.example>", "\"a b\"@c.example", "a..b@c.example", ".a@c.example", "a.@c.example",
        "a@-b.example", "a@b..example", "a@[127.0.0.1]", "ä@b.example", "a@bé.example", "a@b.example,c@d.example",
        "a@b.example\0", String(repeating: "x", count: 65) + "@b.example",
    ])
    func whatCouldBeMoreThanAnAddressIsRefused(text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test func theDomainIsTold() {
        #expect(MailAddress("a@Example.COM")?.domain == "example.com")
    }
}
