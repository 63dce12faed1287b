import FoundationEssentials
import HTTPWire
import Kernel
import Routing
import Testing

@Suite struct TraceContextTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let span = "b7ad6b7169203331"
    private static let parent = "00-\(trace)-\(span)-01"
    private let identities = Identities { UUID(uuid: (0, 1, 2, 3, 4, 5, 6, 7, 0x80, 9, 10, 11, 12, 13, 14, 255)) }

    @Test func readsTheExampleOfTheStandard() throws {
        let context = try #require(TraceContext(parent: Self.parent))
        #expect(context.traceID == Self.trace)
        #expect(context.spanID == Self.span)
        #expect(context.isSampled)
        #expect(context.parentField == Self.parent)
    }

    @Test func aChildKeepsTheTraceAndHasItsOwnSpan() throws {
        let context = try #require(TraceContext(parent: Self.parent, stateLines: ["congo=t61rcWkgMzE"]))
        let child = context.child(identities)
        #expect(child.traceID == context.traceID)
        #expect(child.spanID == "80090a0b0c0d0eff")
        #expect(child.parentSpanID == Self.span)
        #expect(child.state == "congo=t61rcWkgMzE")
        #expect(TraceContext(parent: child.parentField)?.spanID == child.spanID)
    }

    @Test(arguments: [
        ("00-\(trace)-\(span)-00", "00"), ("00-\(trace)-\(span)-03", "03"), ("00-\(trace)-\(span)-ff", "03"),
        // A later version: what we know of it counts, and goes on as version 00.
        ("01-\(trace)-\(span)-01", "01"), ("cc-\(trace)-\(span)-01-what-the-future-holds", "01"),
        ("fe-\(trace)-\(span)-01-", "01"),
    ])
    func flagsAndVersions(_ parent: String, _ flags: String) throws {
        #expect(try #require(TraceContext(parent: parent)).parentField == "00-\(Self.trace)-\(Self.span)-\(flags)")
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-01-",
        "00-\(trace)-\(span)-01-more",
        "ff-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01.more", "00-\(trace.uppercased())-\(span)-01",
        "00-\(trace)-\(span.uppercased())-01", "00-00000000000000000000000000000000-\(span)-01",
        "00-\(trace)-0000000000000000-01", "00-\(trace)-\(span)-0g", "0G-\(trace)-\(span)-01", "00_\(trace)-\(span)-01",
        " 00-\(trace)-\(span)-01", "00-\(trace) -\(span)-01", "00-ähnlich-\(trace)-\(span)-01",
        String(repeating: "0", count: 100_000),
    ])
    func refusesTheRest(_ parent: String) {
        #expect(TraceContext(parent: parent) == nil)
    }

    @Test func twoParentsAreNone() {
        #expect(TraceContext(fields: ["traceparent": Self.parent, "TraceParent": Self.parent]) == nil)
        #expect(TraceContext(fields: ["tracestate": "a=b"]) == nil)
        #expect(TraceContext(fields: ["Traceparent": Self.parent])?.traceID == Self.trace)
    }

    private static let longestValue = String(repeating: "x", count: 510)
    private static let manyMembers = (1...33).map { "k\($0)=v" }.joined(separator: ",")
    static let states: [([String], String?)] = [
        (["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        (["a=1", "b=2"], "a=1,b=2"), (["a=1,, b=2"], "a=1,, b=2"), ([], nil), ([""], nil), (["no member"], nil),
        (["=1"], nil), (["a=\u{7F}"], nil), (["a=é"], nil), (["a=x" + longestValue], nil),
        (["a=" + longestValue], "a=" + longestValue), ([manyMembers], nil),
    ]

    @Test(arguments: states)
    func theStateIsPassedOnOrDropped(_ lines: [String], _ state: String?) throws {
        #expect(try #require(TraceContext(parent: Self.parent, stateLines: lines)).state == state)
    }
}
