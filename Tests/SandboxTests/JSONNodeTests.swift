import Testing

@testable import Forma3DSandbox

@Suite struct JSONNodeTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "39.90", "-0", "1e5", "820982911946154508", "[1,[2,{\"a\":null}]]",
        "{\"b\":1,\"a\":\"x\",\"b\":2}", "\"é🙏\"",
    ])
    func compactTextSurvives(_ text: String) throws {
        let node = try #require(JSONNode.parse(text))
        #expect(String(decoding: node.bytes(), as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", "nul", "01", "1.", "[1,]", "{\"a\"}", "{a:1}", "\"", "\"\\x\"", "\"\u{1}\"", "[1] 2", "\"\\ud83d\"",
        String(repeating: "[", count: 500),
    ])
    func brokenTextIsRefused(_ text: String) {
        #expect(JSONNode.parse(text) == nil)
    }

    @Test func invalidUTF8IsRefused() {
        #expect(JSONNode.parse([0x22, 0xFF, 0x22]) == nil)
    }

    @Test func shopifyEscapesWhatItsSerialiserEscapes() {
        let node: JSONNode = ["u": "https://a/b?x=1&y=<z>\u{2028}\n\"🙏"]
        #expect(
            String(decoding: node.bytes(.shopify), as: UTF8.self)
                == #"{"u":"https:\/\/a\/b?x=1\u0026y=\u003cz\u003e\u2028\n\"🙏"}"#)
        #expect(JSONNode.parse(node.bytes(.shopify)) == node)
    }

    @Test func settingAMemberKeepsItsPlace() {
        var node: JSONNode = ["a": 1, "b": 2]
        node["a"] = 3
        node["c"] = 4
        node["b"] = nil as JSONNode?
        #expect(String(decoding: node.bytes(), as: UTF8.self) == #"{"a":3,"c":4}"#)
    }

    @Test(
        arguments: [("9223372036854775808", nil), ("12", 12), ("-3", -3), ("", nil), ("1x", nil)] as [(String, Int64?)])
    func digitsNeverTrap(_ text: String, _ value: Int64?) {
        #expect(Int64(wireDigits: text) == value)
    }
}
