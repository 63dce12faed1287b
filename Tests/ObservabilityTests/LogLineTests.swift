import Foundation
import Kernel
import Logging
import Observability
import Testing

@Suite struct LogLineTests {
    private func line(
        _ message: String = "hello", metadata: Logger.Metadata = [:], correlationID: CorrelationID? = nil
    ) -> String {
        let line = LogLine(
            time: Date(timeIntervalSince1970: 0), level: .info, message: message, correlationID: correlationID,
            label: "test", metadata: metadata)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private func json(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func keysComeInOneOrder() {
        let text = line(metadata: ["b": "2", "a": "1"], correlationID: CorrelationID("c-1"))
        #expect(
            text == #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"hello","correlationId":"c-1","#
                + #""label":"test","metadata":{"a":"1","b":"2"}}"# + "\n")
    }

    @Test(arguments: ["\n", "\r\n", "\u{0}", "\u{1B}[31m", "\u{2028}", "\u{85}", "\"", "\\", "é😀", "\u{FFFD}"])
    func everyMessageStaysOneLineAndReadsBack(_ text: String) throws {
        let message = "before\(text)after"
        let written = line(message)
        #expect(written.unicodeScalars.filter { $0 == "\n" }.count == 1 && written.hasSuffix("\n"))
        #expect(!written.unicodeScalars.contains("\u{2028}"))
        #expect(try json(written)["message"] as? String == message)
    }

    @Test(arguments: [1_000, 8_000, 8_001, 20_000, 1_000_000])
    func noLineIsLongerThanItsBound(_ count: Int) throws {
        let long = String(repeating: "😀", count: count / 4)
        let metadata = Logger.Metadata(
            uniqueKeysWithValues: (0..<50).map { ("key\($0)", .string(long)) } + [("nested", .array([.string(long)]))])
        let written = line(long, metadata: metadata)
        #expect(written.utf8.count <= LogLine.bytesMaximum + 1)
        let object = try json(written)
        #expect(object["truncated"] as? Bool == (count >= 1_000))
    }

    @Test func aShortLineIsNotCalledTruncated() throws {
        #expect(try json(line())["truncated"] == nil)
    }

    @Test func deepMetadataEndsSomewhere() throws {
        var value = Logger.MetadataValue.string("bottom")
        for _ in 0..<1_000 { value = .dictionary(["next": value]) }
        let object = try json(line(metadata: ["deep": value]))
        #expect(object["truncated"] as? Bool == true)
    }

    @Test(arguments: [
        "password", "X-API-Key", "apiKey", "access_token", "Authorization", "customerEmail", "phone", "shippingAddress",
        "X-Shopify-Hmac-Sha256", "set-cookie", "firstName",
    ])
    func secretAndPersonalValuesAreMasked(_ key: String) {
        let text = line(metadata: [key: "very-private", "inside": ["x": .dictionary([key: "very-private"])]])
        #expect(!text.contains("very-private"))
        #expect(text.contains(Redaction.mask))
    }

    @Test(arguments: ["orderID", "peerAddress", "status", "vendor", "attempt", "uniqueKey", "host"])
    func ordinaryValuesAreShown(_ key: String) {
        #expect(line(metadata: [key: "shown"]).contains("shown"))
    }

    @Test(arguments: [
        (
            "postgresql://forma3d:s3cret@db:5432/x?sslmode=require",
            "postgresql://forma3d:[redacted]@db:5432/x?sslmode=require"
        ),
        ("a http://u:p@h/ b https://v:q@i", "a http://u:[redacted]@h/ b https://v:[redacted]@i"),
        ("postgres://u:p@ss@h/", "postgres://u:[redacted]@h/"),
        ("https://example.com:8080/a:b@c", "https://example.com:8080/a:b@c"),
        ("no url: at all @ here", "no url: at all @ here"),
        ("://", "://"),
    ])
    func passwordsInURLsAreMasked(_ text: String, _ expected: String) {
        #expect(Redaction.withoutURLPasswords(text) == expected)
    }
}
