import HTTPWire
import Testing

@Suite struct EntityTagTests {
    /// RFC 9110 §8.8.3.2's table.
    @Test(arguments: [
        ("W/\"1\"", "W/\"1\"", false, true), ("W/\"1\"", "W/\"2\"", false, false), ("W/\"1\"", "\"1\"", false, true),
        ("\"1\"", "\"1\"", true, true),
    ])
    func comparesStronglyAndWeakly(_ one: String, _ other: String, _ strongly: Bool, _ weakly: Bool) throws {
        let left = try #require(EntityTag(parsing: one))
        let right = try #require(EntityTag(parsing: other))
        #expect(left.matchesStrongly(right) == strongly)
        #expect(right.matchesStrongly(left) == strongly)
        #expect(left.matchesWeakly(right) == weakly)
        #expect(right.matchesWeakly(left) == weakly)
    }

    @Test(arguments: ["\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "\"a,b\"", "\"a\\b\"", "\"é\""])
    func isWrittenAsRead(_ text: String) {
        #expect(EntityTag(parsing: text)?.description == text)
    }

    @Test(arguments: [
        "", "xyzzy", "\"", "\"a", "a\"", "w/\"a\"", "W/a", "\"a\" ", " \"a\"", "\"a\"b\"", "\"a b\"", "W/", "*",
    ])
    func refusesTheRest(_ text: String) {
        #expect(EntityTag(parsing: text) == nil)
    }

    @Test func refusesWhatCannotBeQuoted() {
        #expect(EntityTag("a\"b") == nil)
        #expect(EntityTag("a\r\nb") == nil)
        #expect(EntityTag("abc-123")?.description == "\"abc-123\"")
        #expect(EntityTag("a")?.weakened.description == "W/\"a\"")
    }

    static let lists: [([String], [String]?)] = [
        (["*"], nil), ([" * "], nil), (["\"a\""], ["\"a\""]),
        (["\"a\", W/\"b,c\" ,\"d\""], ["\"a\"", "W/\"b,c\"", "\"d\""]),
        (["\"a\"", "\"b\""], ["\"a\"", "\"b\""]), ([",\"a\",,"], ["\"a\""]), ([""], []), (["\"a\" \"b\""], []),
        (["\"a\", b"], []), (["*, \"a\""], []), (["\"a"], []),
    ]

    @Test(arguments: lists)
    func readsLists(_ lines: [String], _ tags: [String]?) {
        switch EntityTag.List(lines) {
        case .any: #expect(tags == nil)
        case .tags(let found): #expect(found.map(\.description) == tags)
        }
    }
}
