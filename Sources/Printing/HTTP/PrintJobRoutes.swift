import Contracts
import HTTPWire
import Kernel
package import Routing

/// The print jobs over REST.
package struct PrintJobRoutes: Sendable {
    private let desk: PrintJobAnswers

    package init(answers: PrintJobAnswers) {
        desk = answers
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/print-jobs", "List print jobs, newest first", tag: "Print jobs", access: .operators,
                parameters: Page<PrintJobTag>.parameters + [
                    .init("state", "only this state", .oneOf(PrintJobState.allCases.map(\.rawValue))),
                    .init("orderId", "only this order's", .format("uuid")),
                ],
                returns: Page<PrintJobTag>.schema(name: "PrintJobPage", of: PrintJobJSON.schema), problems: [422],
                handle: { call in
                    let page = try Page<PrintJobTag>(call)
                    let jobs = try await desk.page(
                        state: call.choice("state", of: PrintJobState.self), order: call.optionalID("orderId"),
                        before: page.before, limit: page.limit + 1)
                    return try page.answer(jobs, id: \.id, write: \.json)
                }),
            Route(
                .get, "/api/v1/print-jobs/{id}", "Show one print job", tag: "Print jobs", access: .operators,
                returns: PrintJobJSON.schema, problems: [404],
                handle: { call in
                    guard let job = try await desk.view(call.id("id")) else { throw PrintJobAnswers.noSuchPrintJob }
                    return .json(try JSON.encode(job.json))
                }),
            Route(
                .post, "/api/v1/print-jobs/{id}/retry",
                "Print it again: a failed or cancelled print gets a new attempt",
                tag: "Print jobs", access: .operators, returns: PrintJobJSON.schema, status: 202, problems: [404, 409],
                handle: { call in
                    let job = try await desk.retry(call.id("id"))
                    return .json(try JSON.encode(job.json), status: 202)
                }),
            Route(
                .post, "/api/v1/print-jobs/{id}/mark-bad",
                "Say that a finished print is bad: it is printed again as a new attempt",
                tag: "Print jobs", access: .operators, takes: Self.badness, returns: PrintJobJSON.schema,
                status: 202, problems: [400, 404, 409, 422],
                handle: { call in
                    let job = try await desk.markBad(
                        call.id("id"), reason: Self.reason(in: await call.decode(JSONValue.self)))
                    return .json(try JSON.encode(job.json), status: 202)
                }),
        ]
    }

    /// A longer reason belongs into a ticket.
    private static let reasonLengthMaximum = 500

    private static let badness = Schema.object(
        name: "BadPrint", [.init("reason", .string, "what is wrong with it, for the record; no personal data")])

    private static func reason(in body: JSONValue) throws -> String {
        let reason = body["reason"]?.string ?? ""
        guard reason.contains(where: { !$0.isWhitespace }), reason.count <= reasonLengthMaximum else {
            throw Problem.invalid([
                .init("reason", "is missing or too long", allowed: "1 to \(reasonLengthMaximum) characters")
            ])
        }
        return reason
    }
}
