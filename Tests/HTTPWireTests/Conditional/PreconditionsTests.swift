import HTTPWire
import Testing

@Suite struct PreconditionsTests {
    private static let modified = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let later = "Sun, 06 Nov 1994 08:49:38 GMT"

    private let current = Preconditions.Validators(
        entityTag: EntityTag("v1"), lastModifiedUnixSeconds: 784_111_777)

    private func outcome(
        _ fields: HTTPFields, method: HTTPMethod = .get, of validators: Preconditions.Validators?
    ) -> Preconditions.Outcome {
        Preconditions.evaluate(method: method, fields: fields, validators: validators, currentYear: 2026)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let fields: HTTPFields
        let read: Preconditions.Outcome
        let write: Preconditions.Outcome
        var testDescription: String { fields.fields.map { "\($0.name): \($0.value)" }.joined(separator: "; ") }

        init(_ fields: HTTPFields, _ read: Preconditions.Outcome, _ write: Preconditions.Outcome) {
            self.fields = fields
            self.read = read
            self.write = write
        }
    }

    private static let go = Preconditions.Outcome.proceed(rangeCounts: false)

    static let rows: [Row] = [
        Row([:], go, go),
        // Step 1: strong comparison; malformed is never met.
        Row(["If-Match": "\"v1\""], go, go), Row(["If-Match": "\"v0\", \"v1\""], go, go),
        Row(["If-Match": "\"v0\""], .failed, .failed), Row(["If-Match": "W/\"v1\""], .failed, .failed),
        Row(["If-Match": "*"], go, go), Row(["If-Match": "v1"], .failed, .failed),
        Row(["If-Match": "\"v0\"", "If-None-Match": "\"v1\""], .failed, .failed),
        // Step 2, only without step 1.
        Row(["If-Unmodified-Since": modified], go, go), Row(["If-Unmodified-Since": later], go, go),
        Row(["If-Unmodified-Since": earlier], .failed, .failed), Row(["If-Unmodified-Since": "soon"], go, go),
        Row(["If-Match": "\"v1\"", "If-Unmodified-Since": earlier], go, go),
        // Step 3: weak comparison.
        Row(["If-None-Match": "\"v1\""], .notModified, .failed),
        Row(["If-None-Match": "W/\"v1\""], .notModified, .failed),
        Row(["If-None-Match": "\"v0\", \"v1\""], .notModified, .failed), Row(["If-None-Match": "\"v0\""], go, go),
        Row(["If-None-Match": "*"], .notModified, .failed), Row(["If-None-Match": "v1"], go, go),
        Row(["If-Match": "\"v1\"", "If-None-Match": "\"v1\""], .notModified, .failed),
        // Step 4, only without step 3, and for reading only.
        Row(["If-Modified-Since": modified], .notModified, go), Row(["If-Modified-Since": later], .notModified, go),
        Row(["If-Modified-Since": earlier], go, go), Row(["If-Modified-Since": "soon"], go, go),
        Row(["If-None-Match": "\"v0\"", "If-Modified-Since": later], go, go),
        Row(["If-Modified-Since": modified, "if-modified-since": modified], go, go),
    ]

    @Test(arguments: rows)
    func inTheOrderOfTheStandard(_ row: Row) {
        #expect(outcome(row.fields, of: current) == row.read)
        #expect(outcome(row.fields, method: .head, of: current) == row.read)
        #expect(outcome(row.fields, method: .put, of: current) == row.write)
    }

    @Test func withoutARepresentationOnlyIfMatchFails() {
        for method in [HTTPMethod.get, .put] {
            #expect(outcome(["If-Match": "*"], method: method, of: nil) == .failed)
            #expect(outcome(["If-None-Match": "*"], method: method, of: nil) == Self.go)
            #expect(outcome(["If-Modified-Since": Self.later], method: method, of: nil) == Self.go)
            #expect(outcome(["If-Unmodified-Since": Self.earlier], method: method, of: nil) == Self.go)
        }
    }

    static let ranges: [(HTTPFields, Bool)] = [
        (["Range": "bytes=0-1"], true), (["Range": "bytes=0-1", "If-Range": "\"v1\""], true),
        (["Range": "bytes=0-1", "If-Range": "\"v0\""], false), (["Range": "bytes=0-1", "If-Range": "W/\"v1\""], false),
        (["Range": "bytes=0-1", "If-Range": modified], true), (["Range": "bytes=0-1", "If-Range": later], false),
        (["Range": "bytes=0-1", "If-Range": earlier], false), (["Range": "bytes=0-1", "If-Range": "v1"], false),
        (["If-Range": "\"v1\""], false),
    ]

    @Test(arguments: ranges)
    func aRangeCountsAgainstWhatTheClientHas(_ fields: HTTPFields, _ counts: Bool) {
        #expect(outcome(fields, of: current) == .proceed(rangeCounts: counts))
        #expect(outcome(fields, method: .head, of: current) == Self.go)
        #expect(outcome(fields, method: .post, of: current) == Self.go)
    }

    @Test func aDateThatMayNameTwoStatesIsNoValidatorForARange() {
        var validators = current
        validators.isLastModifiedStrong = false
        #expect(outcome(["Range": "bytes=0-1", "If-Range": Self.modified], of: validators) == Self.go)
    }
}
