import Jobs
import Kernel
import Routing

/// Effects as operators see them; personal data is masked.
enum EffectJSON {
    static let states = EffectView.State.allCases.map(\.rawValue)

    private static let summaryMembers: [Schema.Property] = [
        .init("reference", .string, "ours; the vendor holds it too where it can"), .init("kind", .string),
        .init("state", .oneOf(states)), .init("orderId", .nullable(.format("uuid"))),
        .init("sends", .integer, "how often it may have reached the vendor"),
        .init("plannedAt", .format("date-time")), .init("sentAt", .nullable(.format("date-time"))),
        .init("unknownSince", .nullable(.format("date-time"))), .init("lastError", .nullable(.string)),
        .init("hasLiveJob", .boolean, "false: nothing goes on until an operator decides"),
    ]

    static let summarySchema = Schema.object(name: "EffectSummary", summaryMembers)

    static let findings = Schema.array(
        .object(
            name: "EffectFinding",
            [
                .init("vendorId", .string), .init("isAlive", .boolean, "not cancelled or deleted"),
                .init("isSameContent", .boolean, "what was asked for"),
            ]))

    static let schema = Schema.object(
        name: "Effect",
        summaryMembers + [
            .init("vendorId", .nullable(.string)), .init("request", .any, "personal data is masked"),
            .init("receipt", .any, "personal data is masked"), .init("doneAt", .nullable(.format("date-time"))),
            .init("found", .nullable(findings), "what the last look-up found at the vendor"),
            .init("lookedUpAt", .nullable(.format("date-time"))), .init("extrasCancelled", .integer),
            .init("resolvedAs", .nullable(.string), "an operator's decision"),
            .init("resolvedAt", .nullable(.format("date-time"))), .init("jobId", .nullable(.string), "digits"),
            .init("jobKind", .nullable(.string)),
            .init(
                "runs",
                .array(
                    .object(
                        name: "EffectRun",
                        [
                            .init("startedAt", .format("date-time")), .init("endedAt", .format("date-time")),
                            .init("outcome", .string), .init("error", .nullable(.string)),
                        ])), "of its last job, oldest first"),
        ])

    static func summary(_ effect: EffectView) -> JSONValue { .object(members(effect)) }

    static func write(_ effect: EffectDetail) throws -> JSONValue {
        var members = members(effect.view)
        members["vendorId"] = JSONValue(effect.vendorID)
        members["request"] = try masked(effect.request)
        members["receipt"] = try effect.receipt.map(masked) ?? .null
        members["doneAt"] = JSONValue(effect.doneAt)
        members["found"] = effect.found.map(write) ?? .null
        members["lookedUpAt"] = JSONValue(effect.lookedUpAt)
        members["extrasCancelled"] = .integer(Int64(effect.extrasCancelled))
        members["resolvedAs"] = JSONValue(effect.resolvedAs)
        members["resolvedAt"] = JSONValue(effect.resolvedAt)
        members["jobId"] = JSONValue(effect.jobID.map { String($0) })
        members["jobKind"] = JSONValue(effect.jobKind)
        members["runs"] = .array(
            effect.runs.map { run in
                [
                    "startedAt": JSONValue(run.startedAt), "endedAt": JSONValue(run.endedAt),
                    "outcome": .string(run.outcome), "error": JSONValue(run.error.map(PersonalDataMask.mask)),
                ]
            })
        return .object(members)
    }

    static func write(_ found: [EffectFinding]) -> JSONValue {
        .array(
            found.map { finding in
                [
                    "vendorId": .string(finding.vendorId), "isAlive": .bool(finding.isAlive),
                    "isSameContent": .bool(finding.isSameContent),
                ]
            })
    }

    private static func members(_ effect: EffectView) -> [String: JSONValue] {
        [
            "reference": .string(effect.reference), "kind": .string(effect.kind),
            "state": .string(effect.state.rawValue), "orderId": JSONValue(effect.subject),
            "sends": .integer(Int64(effect.sends)), "plannedAt": JSONValue(effect.plannedAt),
            "sentAt": JSONValue(effect.sentAt), "unknownSince": JSONValue(effect.unknownAt),
            "lastError": JSONValue(effect.lastError.map(PersonalDataMask.mask)),
            "hasLiveJob": .bool(effect.hasLiveJob),
        ]
    }

    private static func masked(_ text: String) throws -> JSONValue {
        PersonalDataMask.mask(try JSON.decode(JSONValue.self, from: text))
    }
}
