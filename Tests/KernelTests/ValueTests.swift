import FoundationEssentials
import Kernel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0.0), ("1970-01-01T00:00:00.5Z", 0.5), ("2000-02-29T12:00:00+00:00", 951_825_600),
        ("2026-11-22T09:30:00+01:30", 1_795_334_400), ("2026-11-22T09:30:00-0500", 1_795_357_800),
        ("2026-11-22t09:30:00z", 1_795_339_800), ("2026-11-22 09:30:00Z", 1_795_339_800),
        ("1969-12-31T23:59:59Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800),
    ])
    func reads(_ text: String, _ seconds: Double) throws {
        #expect(try #require(Timestamp.parse(text)).timeIntervalSince1970 == seconds)
    }

    @Test(arguments: 0...9)
    func readsAFractionOfAnyLength(_ digits: Int) throws {
        let fraction = String("123456789".prefix(digits))
        let text = "2026-11-22T09:30:00\(digits == 0 ? "" : "." + fraction)Z"
        let expected = 1_795_339_800 + (digits == 0 ? 0 : Double("0." + fraction) ?? 0)
        #expect(abs(try #require(Timestamp.parse(text)).timeIntervalSince1970 - expected) < 1e-6)
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T09:30:00", "2026-11-22T09:30Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T09:60:00Z", "2026-11-22T09:30:00.Z", "2026-11-22T09:30:00.1234567890Z", "2026-11-22T09:30:00+24:00",
        "2026-11-22T09:30:00+1:00", "2026-11-22T09:30:00Zx", "+026-11-22T09:30:00Z", "2026-11-22T09:30:00.5",
        "2026-11-22T09:30:00+01:60", "\u{0662}026-11-22T09:30:00Z",
    ])
    func refuses(_ text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000Z"), (951_825_600.25, "2000-02-29T12:00:00.250Z"),
        (1_795_339_800.9996, "2026-11-22T09:30:01.000Z"), (-0.001, "1969-12-31T23:59:59.999Z"),
    ])
    func writes(_ seconds: Double, _ text: String) {
        #expect(Timestamp.format(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        for day in stride(from: -200_000, through: 200_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 12_345)
            #expect(Timestamp.parse(Timestamp.format(date)) == date, "\(day)")
        }
    }
}

@Suite struct IdentityTests {
    @Test func uuidsHaveVersionSevenAndTheirTime() {
        var generator = SystemRandomNumberGenerator()
        let date = Date(timeIntervalSince1970: 1_795_339_800.123)
        for _ in 0..<100 {
            let text = Identities.uuidV7(at: date, using: &generator).uuidString
            #expect(text.dropFirst(14).first == "7")
            #expect("89AB".contains(text.dropFirst(19).prefix(1)))
            let milliseconds = Int(text.prefix(13).filter { $0 != "-" }, radix: 16) ?? 0
            #expect(abs(milliseconds - 1_795_339_800_123) <= 1)
        }
    }

    @Test func laterOnesSortLater() {
        var generator = SystemRandomNumberGenerator()
        let texts = (0..<200).map {
            Identities.uuidV7(at: Date(timeIntervalSince1970: 1_700_000_000 + Double($0)), using: &generator).uuidString
        }
        #expect(texts == texts.sorted())
        #expect(Set(texts).count == texts.count)
    }

    @Test(arguments: ["", "x", "01020304-0506-0708-090a-0b0c0d0e0f1", "01020304050607080-90a-0b0c-0d0e-0f10zzzz"])
    func refusesIdentitiesThatAreNone(_ text: String) {
        #expect(ID<Self>(text) == nil)
    }

    @Test func anIdentityIsLowerCaseText() throws {
        let id = try #require(ID<Self>("01020304-0506-7708-890A-0B0C0D0E0F10"))
        #expect(id.description == "01020304-0506-7708-890a-0b0c0d0e0f10")
        #expect(try JSON.text([id]) == "[\"01020304-0506-7708-890a-0b0c0d0e0f10\"]")
        #expect(throws: DecodingError.self) { try JSON.decode([ID<Self>].self, from: "[\"x\"]") }
    }
}

@Suite struct CorrelationIDTests {
    @Test(arguments: ["a", "abc-123", "!~", String(repeating: "x", count: 128)])
    func takesWhatIsSafe(_ text: String) {
        #expect(CorrelationID(text)?.text == text)
    }

    @Test(arguments: ["", " ", "a b", "a\n", "a\u{0}", "\u{E9}", "\u{7F}", String(repeating: "x", count: 129)])
    func refusesWhatIsNot(_ text: String) {
        #expect(CorrelationID(text) == nil)
    }

    @Test func isOneTasksOwn() async {
        #expect(CorrelationID.current == nil)
        await CorrelationID.$current.withValue(CorrelationID("a")) {
            #expect(CorrelationID.current?.text == "a")
            async let child = CorrelationID.current?.text
            #expect(await child == "a")
        }
        #expect(CorrelationID.current == nil)
    }
}

@Suite struct JSONValueTests {
    @Test(arguments: [
        "820982911946154508", "-9223372036854775808", "9223372036854775807", "0", "true", "false", "null", "\"a\\nb\"",
        "[1,[2,{}]]", "{\"a\":{\"b\":[null]}}", "0.1", "1234567890.123456789",
    ])
    func whatIsReadIsWrittenAgain(_ text: String) throws {
        #expect(try JSON.text(try JSON.decode(JSONValue.self, from: text)) == text)
    }

    @Test func keepsTheDigitsOfAnIDBeyond2To53() throws {
        let value = try JSON.decode(JSONValue.self, from: "{\"id\":820982911946154508}")
        #expect(value["id"]?.integer == 820_982_911_946_154_508)
        #expect(value["id"] == .integer(820_982_911_946_154_508))
    }

    @Test func numbersTooLargeForAnIntegerDoNotTrap() throws {
        for text in ["18446744073709551616", "1e400", "-1e400", "99999999999999999999999999"] {
            let value = try? JSON.decode(JSONValue.self, from: text)
            #expect(value?.integer == nil, "\(text)")
        }
    }

    @Test func deepNestingIsRefusedNotACrash() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: (any Error).self) { try JSON.decode(JSONValue.self, from: deep) }
    }

    @Test func keysAreSorted() throws {
        #expect(try JSON.text(["b": 1, "a": ["d": 2, "c": 3]] as JSONValue) == "{\"a\":{\"c\":3,\"d\":2},\"b\":1}")
    }
}
