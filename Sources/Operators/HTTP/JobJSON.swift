import FoundationEssentials
import Jobs
import Kernel
import Routing

/// Jobs on the wire.
struct JobJSON: Sendable {
    /// What this binary can do; a kind that is not here is left to a newer one.
    let kinds: [JobKind: JobKindFacts]

    private static let head: [Schema.Property] = [
        .init("id", .string, "digits"), .init("kind", .string, "`printing.submit-print-job`"),
        .init("isKnown", .boolean, "false: this server does not know the kind and leaves the job to one that does"),
        .init("queue", .nullable(.string)), .init("vendor", .nullable(.string), "whose outage pauses it"),
        .init("category", .nullable(.string)),
        .init("state", .oneOf(JobState.allCases.map(\.rawValue))), .init("priority", .integer, "lower first"),
        .init("runAt", .format("date-time"), "when it may be claimed next"),
        .init("claims", .integer), .init("wrongCount", .integer, "answers that spent a try"),
        .init("notNowCount", .integer, "answers that spent time only"),
        .init("rescues", .integer, "workers that died or froze with it"),
        .init("orderId", .nullable(.format("uuid"))), .init("correlationId", .string),
        .init("lastError", .nullable(.string)), .init("discardReason", .nullable(.string)),
        .init("createdAt", .format("date-time")), .init("finishedAt", .nullable(.format("date-time"))),
    ]

    static let summarySchema = Schema.object(name: "JobSummary", head)

    static let schema = Schema.object(
        name: "Job",
        head + [
            .init("payload", .any, "personal data is masked"), .init("fence", .string, "digits"),
            .init("worker", .nullable(.format("uuid"))), .init("leaseUntil", .nullable(.format("date-time"))),
            .init("uniqueKey", .nullable(.string)),
            .init(
                "attempts",
                .array(
                    .object(
                        name: "JobAttempt",
                        [
                            .init("fence", .string), .init("startedAt", .format("date-time")),
                            .init("endedAt", .format("date-time")), .init("outcome", .string),
                            .init("error", .nullable(.string)),
                        ])), "oldest first, the last \(JobBoard.attemptsMaximum)"),
        ])

    static let group = Schema.object(
        name: "JobGroup",
        [
            .init("id", .string), .init("kind", .string), .init("isKnown", .boolean),
            .init("error", .string, "without ids and numbers"), .init("example", .string),
            .init("count", .integer), .init("firstAt", .format("date-time")), .init("lastAt", .format("date-time")),
        ])

    func summary(_ job: JobView) -> JSONValue { .object(members(job)) }

    func write(_ job: JobDetail) throws -> JSONValue {
        var members = members(job.view)
        members["payload"] = PersonalDataMask.mask(try JSON.decode(JSONValue.self, from: job.payload))
        members["fence"] = .string(String(job.fence))
        members["worker"] = JSONValue(job.worker?.uuidString.lowercased())
        members["leaseUntil"] = JSONValue(job.leaseUntil)
        members["uniqueKey"] = JSONValue(job.uniqueKey.map(PersonalDataMask.mask))
        members["attempts"] = .array(job.attempts.map(Self.write))
        return .object(members)
    }

    func write(_ group: JobGroup) -> JSONValue {
        [
            "id": .string(group.id), "kind": .string(group.kind.name), "isKnown": .bool(kinds[group.kind] != nil),
            "error": .string(PersonalDataMask.mask(group.pattern)),
            "example": .string(PersonalDataMask.mask(group.example)), "count": .integer(Int64(group.count)),
            "firstAt": JSONValue(group.firstAt), "lastAt": JSONValue(group.lastAt),
        ]
    }

    private func members(_ job: JobView) -> [String: JSONValue] {
        let facts = kinds[job.kind]
        return [
            "id": .string(String(job.id)), "kind": .string(job.kind.name), "isKnown": .bool(facts != nil),
            "queue": JSONValue(facts?.queue), "vendor": JSONValue(facts?.vendor),
            "category": JSONValue(facts?.category), "state": .string(job.state.rawValue),
            "priority": .integer(Int64(job.priority)), "runAt": JSONValue(job.runAt),
            "claims": .integer(Int64(job.claims)), "wrongCount": .integer(Int64(job.wrongCount)),
            "notNowCount": .integer(Int64(job.notNowCount)), "rescues": .integer(Int64(job.rescues)),
            "orderId": JSONValue(job.subject), "correlationId": .string(job.correlationID.text),
            "lastError": JSONValue(job.lastError.map(PersonalDataMask.mask)),
            "discardReason": JSONValue(job.discardReason), "createdAt": JSONValue(job.createdAt),
            "finishedAt": JSONValue(job.finishedAt),
        ]
    }

    private static func write(_ attempt: JobDetail.Attempt) -> JSONValue {
        [
            "fence": .string(String(attempt.fence)), "startedAt": JSONValue(attempt.started),
            "endedAt": JSONValue(attempt.ended), "outcome": .string(attempt.outcome),
            "error": JSONValue(attempt.error.map(PersonalDataMask.mask)),
        ]
    }
}
