import HTTPWire
package import Jobs
import Kernel
package import Routing

/// The queue over REST: what waits, runs and gave up, and the operator's hand in it.
package struct JobRoutes: Sendable {
    private let board: JobBoard
    private let kinds: [JobKind: JobKindFacts]
    private let json: JobJSON

    /// Digits of a group's id.
    private static let groupIDLength = 32

    package init(board: JobBoard, kinds: [JobKind: JobKindFacts]) {
        self.board = board
        self.kinds = kinds
        json = JobJSON(kinds: kinds)
    }

    package var routes: [Route] { [list, groups, one, retryOne, discard, retryGroup, retryAll] }

    // MARK: Looking

    private var list: Route {
        Route(
            .get, "/api/v1/jobs", "List jobs, newest first", tag: "Jobs", access: .operators,
            parameters: [
                .init("state", "only this state", .oneOf(JobState.allCases.map(\.rawValue))),
                .init("kind", "only this kind"), .init("queue", "only kinds of this queue"),
                .init("vendor", "only kinds that this vendor's outage pauses"),
                .init("category", "only kinds of this job type"),
                .init("orderId", "only about this order; ended ones are found slowly", .format("uuid")),
                .init("error", "part of the last error; without a state, of ready, running and dead jobs"),
                .init("limit", "1 to 200, default 50", .integer),
                .init("cursor", "nextCursor of the page before"),
            ],
            returns: .object(
                name: "JobPage",
                [.init("items", .array(JobJSON.summarySchema)), .init("nextCursor", .nullable(.string))]),
            problems: [422], handle: answerList)
    }

    private func answerList(_ call: Call) async throws -> HTTPResponse {
        let limit = try call.integer("limit", in: 1...200, default: 50)
        var search = JobBoard.Search(limit: limit + 1)
        search.state = try call.choice("state")
        search.kinds = chosenKinds(call)
        search.subject = try call.optionalID("orderId")
        search.error = call.query("error")
        if let cursor = call.query("cursor") {
            guard let before = Int64(cursor), before > 0 else {
                throw Problem.invalid([.init("cursor", "is no cursor", allowed: "nextCursor of the page before")])
            }
            search.before = before
        }
        let found = try await board.jobs(search)
        let shown = found.prefix(limit)
        let next = found.count > limit ? shown.last.map { JSONValue.string(String($0.id)) } : nil
        return .json(
            try JSON.encode(
                JSONValue.object(["items": .array(shown.map(json.summary)), "nextCursor": next ?? .null])))
    }

    /// Nil: every kind, those this binary does not know as well.
    private func chosenKinds(_ call: Call) -> [JobKind]? {
        let (queue, vendor, category) = (call.query("queue"), call.query("vendor"), call.query("category"))
        let kind = call.query("kind").map { JobKind($0) }
        guard queue != nil || vendor != nil || category != nil else { return kind.map { [$0] } }
        return kinds.filter { entry in
            (kind == nil || entry.key == kind) && (queue == nil || entry.value.queue == queue)
                && (vendor == nil || entry.value.vendor == vendor)
                && (category == nil || entry.value.category == category)
        }.map(\.key)
    }

    private var groups: Route {
        Route(
            .get, "/api/v1/jobs/groups", "Show the jobs that gave up, grouped by cause, the largest group first",
            tag: "Jobs", access: .operators,
            returns: .object(name: "JobGroups", [.init("items", .array(JobJSON.group))]),
            handle: { _ in
                let groups = try await board.groups()
                return .json(try JSON.encode(JSONValue.object(["items": .array(groups.map(json.write))])))
            })
    }

    private var one: Route {
        Route(
            .get, "/api/v1/jobs/{id}", "Show one job with its payload and what became of each attempt", tag: "Jobs",
            access: .operators, returns: JobJSON.schema, problems: [404],
            handle: { call in
                guard let job = try await board.job(Self.id(call)) else { throw Self.noJob }
                return .json(try JSON.encode(try json.write(job)))
            })
    }

    // MARK: Acting

    private var retryOne: Route {
        Route(
            .post, "/api/v1/jobs/{id}/retry", "Put a job that gave up back into the queue", tag: "Jobs",
            access: .operators, takes: ActRequest.schema, returns: Self.retried, status: 202,
            problems: [400, 404, 409, 422],
            handle: { call in
                let id = try Self.id(call)
                try Self.check(await board.retry(id, by: call.act()), "retried", from: "dead")
                return try Self.answer(1)
            })
    }

    private var discard: Route {
        Route(
            .post, "/api/v1/jobs/{id}/discard", "Take a job that waits or gave up out of the queue for good",
            tag: "Jobs", access: .operators,
            takes: .object(name: "Discard", [.init("reason", .string, "1 to 500 characters, kept on the job")]),
            returns: JobJSON.schema, problems: [400, 404, 409, 422],
            handle: { call in
                let id = try Self.id(call)
                let act = try await call.act()
                guard let reason = act.reason else {
                    throw Problem.invalid([.init("reason", "is missing", allowed: "1 to 500 characters")])
                }
                try Self.check(
                    await board.discard(id, reason: reason, by: act), "discarded", from: "dead or ready")
                guard let job = try await board.job(id) else { throw Self.noJob }
                return .json(try JSON.encode(try json.write(job)))
            })
    }

    private var retryGroup: Route {
        Route(
            .post, "/api/v1/jobs/groups/{id}/retry", "Put every job of one cause back into the queue", tag: "Jobs",
            access: .operators, takes: ActRequest.schema, returns: Self.retried, status: 202,
            problems: [400, 404, 422],
            handle: { call in
                guard let id = call.pathParameters["id"], id.count == Self.groupIDLength,
                    id.allSatisfy({ $0.isHexDigit && !$0.isUppercase })
                else { throw Problem.notFound("There is no such group; ask GET /api/v1/jobs/groups for ids.") }
                return try Self.answer(await board.retry(.group(id), by: call.act()))
            })
    }

    /// What `POST /api/v1/jobs/retry` takes.
    private struct RetryAll: Decodable {
        let kind: String?
        let vendor: String?
        let reason: String?
    }

    private var retryAll: Route {
        Route(
            .post, "/api/v1/jobs/retry", "Put every job of one kind or vendor that gave up back into the queue",
            tag: "Jobs", access: .operators,
            takes: .object(
                name: "RetryJobs",
                [
                    .init("kind", .nullable(.string), required: false, "this or vendor"),
                    .init("vendor", .nullable(.string), required: false),
                    .init("reason", .nullable(.string), required: false, "1 to 500 characters, kept in the log"),
                ]), returns: Self.retried, status: 202, problems: [400, 422],
            handle: { call in
                let body = try await call.decode(RetryAll.self)
                let act = OperatorAct(by: Call.operatorName, reason: try body.reason.map(Call.checked))
                return try Self.answer(await board.retry(.kinds(chosen(body)), by: act))
            })
    }

    /// - Throws: `Problem` 422 unless exactly one is given, or for a vendor that pauses nothing here.
    private func chosen(_ body: RetryAll) throws -> [JobKind] {
        switch (body.kind, body.vendor) {
        case (let kind?, nil): return [JobKind(kind)]
        case (nil, let vendor?):
            let chosen = kinds.filter { $0.value.vendor == vendor }.map(\.key)
            guard !chosen.isEmpty else {
                let known = Set(kinds.values.compactMap(\.vendor)).sorted().joined(separator: ", ")
                throw Problem.invalid([.init("vendor", "is not one of the known values", allowed: known)])
            }
            return chosen
        default: throw Problem.invalid([.init("kind", "stands beside vendor or is missing", allowed: "one of the two")])
        }
    }

    // MARK: Answers

    private static let retried = Schema.object(
        name: "Retried",
        [.init("retried", .integer, "at most \(JobBoard.retryMaximum) in one request; the next takes the rest")])
    private static let noJob = Problem.notFound("There is no job with this id; ended ones are pruned.")

    private static func answer(_ count: Int) throws -> HTTPResponse {
        .json(try JSON.encode(JSONValue.object(["retried": .integer(Int64(count))])), status: 202)
    }

    private static func id(_ call: Call) throws -> Int64 {
        guard let text = call.pathParameters["id"], let id = Int64(text), id > 0, String(id) == text else {
            throw noJob
        }
        return id
    }

    /// - Throws: `Problem` 404, or 409 with what the job is now.
    private static func check(_ answer: JobBoard.Answer, _ word: String, from states: String) throws {
        switch answer {
        case .done: return
        case .unknown: throw noJob
        case .otherState(let state):
            throw Problem.conflict("This job is \(state.rawValue) now; only one that is \(states) can be \(word).")
        case .equalWaits:
            throw Problem.conflict("An equal job waits already and does the same; discard this one.")
        }
    }
}
