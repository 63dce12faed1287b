import HTTPWire
import Testing

@Suite struct HTTPDateTests {
    @Test(arguments: [
        // RFC 9110 §5.6.7's three forms of one second.
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu Jan 16 00:00:00 2020", 1_579_132_800), ("Sat, 29 Feb 2020 12:00:00 GMT", 1_582_977_600),
        ("Fri, 31 Dec 1999 23:59:60 GMT", 946_684_800), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Sat, 01 Jan 0000 00:00:00 GMT", -62_167_219_200),
        // Two digits: at most fifty years ahead.
        ("Friday, 01-Jan-76 00:00:00 GMT", 3_345_062_400), ("Friday, 01-Jan-77 00:00:00 GMT", 220_924_800),
    ])
    func reads(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.parse(text, currentYear: 2026) == seconds)
    }

    @Test(arguments: [
        "", "0", "now", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Fri, 29 Feb 2019 12:00:00 GMT",
        "Mon, 29 Feb 1900 12:00:00 GMT", "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov +994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT", "Sunday, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Sun Nov 006 08:49:37 1994", "Sun Nov  6 08:49:37 1994 GMT",
        "Foo, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 19940 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 +0000",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(HTTPDate.parse(text, currentYear: 2026) == nil)
    }

    @Test func readsWhatItWrites() {
        // A prime number of seconds, so that every field moves.
        for second in stride(from: Int64(0), to: 253_402_300_799, by: 86_400 * 97 + 3_607) {
            #expect(HTTPDate.parse(HTTPDate.format(unixSeconds: second), currentYear: 2026) == second)
        }
    }
}
