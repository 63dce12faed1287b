package import FoundationEssentials
package import HTTPClient
import HTTPWire
import Kernel
package import Logging

/// SimplyPrint's API (https://apidocs.simplyprint.io).
///
/// Every call takes one out of the account's budget first (60 a minute), whose error passes through; every other
/// failure is a `VendorFailure`. Nothing is retried here. A parameter in the wrong scope is silently ignored by
/// SimplyPrint, so each call says what goes into the query and what into the body.
package struct SimplyPrintClient: Sendable {
    package static let responseLimitBytes = 16 * 1024 * 1024
    /// The largest page SimplyPrint gives.
    static let pageSize: Int64 = 100
    /// A farm or a queue with more than 5000 entries is a fault of the paging.
    static let pagesMaximum = 50

    private let configuration: SimplyPrintConfiguration
    private let line: VendorLine
    private let takeBudget: @Sendable () async throws -> Void

    /// - Parameter takeBudget: takes one call out of the shared budget; its error ends the call.
    package init(
        configuration: SimplyPrintConfiguration, http: HTTPClient,
        takeBudget: @escaping @Sendable () async throws -> Void, logger: Logger
    ) {
        self.configuration = configuration
        self.takeBudget = takeBudget
        line = VendorLine(vendor: "simplyprint", http: http, logger: logger)
    }

    /// Asks whether the key is good.
    package func test() async throws {
        try await ask("test", .get, "account/Test") { _, _ throws(VendorFailure) in }
    }

    /// Every printer of the farm.
    package func printers() async throws -> [Printer] {
        try await pages("printers", "printers/Get") { object in try object.list("data", of: Printer.self) }
    }

    /// The account's custom fields.
    package func customFields() async throws -> [CustomField] {
        try await pages("customFields", "custom_fields/Get") { object in
            try object.list("data", of: WireCustomField.self).map(\.field)
        }
    }

    /// Prints running and over, the latest first, of at most that many pages of 100.
    /// - Parameter since: leaves out what started on an earlier day (SimplyPrint filters by day), and reads no further
    ///   once a whole page started before.
    package func jobHistory(since: Date?, pagesMaximum: Int) async throws -> JobHistory {
        var filter: [String: JSONValue] = [:]
        if let since { filter["start_date"] = .string(String(Timestamp.format(since).prefix(10))) }
        var isComplete = false
        let jobs = try await pages(
            "jobHistory", "jobs/GetPaginatedPrintJobs", body: filter, pagesMaximum: pagesMaximum
        ) { object in
            try object.list("data", of: HistoricJob.self)
        } isLast: { page, isEnd in
            let isBefore = since.map { since in page.allSatisfy { $0.startedAt.map { $0 < since } ?? false } } ?? false
            isComplete = isEnd || isBefore
            return isBefore
        }
        return JobHistory(jobs: jobs, isComplete: isComplete)
    }

    /// All pages of a list, one after another.
    func pages<Element>(
        _ operation: String, _ path: String, query: String = "", body: [String: JSONValue] = [:],
        pagesMaximum: Int = Self.pagesMaximum, _ read: (LooseObject) throws -> [Element],
        isLast: (_ page: [Element], _ isEnd: Bool) -> Bool = { _, _ in false }
    ) async throws -> [Element] {
        var all: [Element] = []
        var page: Int64 = 1
        while true {
            var paged = body
            paged["page"] = .integer(page)
            paged["page_size"] = .integer(Self.pageSize)
            let (elements, pageCount) = try await ask(operation, .post, path, query: query, body: paged) {
                (envelope, answer) throws(VendorFailure) in
                (try answer.understood { try read(envelope.object) }, envelope.pageCount)
            }
            all += elements
            let isEnd = page >= pageCount || elements.isEmpty
            if isLast(elements, isEnd) || isEnd || page >= Int64(pagesMaximum) { return all }
            page += 1
        }
    }

    /// One call.
    /// - Parameter query: without the `?`, encoded.
    func ask<Answer>(
        _ operation: String, _ method: HTTPMethod, _ path: String, query: String = "",
        body: [String: JSONValue]? = nil, neverResend: Bool = false,
        reading read: (Envelope, VendorAnswer) throws(VendorFailure) -> Answer
    ) async throws -> Answer {
        TransactionScope.requireClosed(for: "simplyprint.\(operation)")
        try await takeBudget()
        var fields: HTTPFields = ["accept": "application/json", "x-api-key": configuration.apiKey]
        if body != nil { fields["content-type"] = "application/json" }
        let request = HTTPClientRequest(
            method: method, url: url(path, query: query), fields: fields,
            body: try body.map { try JSON.encode(JSONValue.object($0)) } ?? [],
            timeoutSeconds: configuration.timeoutSeconds, responseLimitBytes: Self.responseLimitBytes,
            neverResend: neverResend)
        return try await line.call(operation, request) { answer throws(VendorFailure) in
            try read(try answer.envelope(), answer)
        }
    }

    /// One file to the file host, which is another server than the API's.
    func sendFile<Answer>(
        _ operation: String, _ body: [UInt8], contentType: String,
        reading read: (Envelope, VendorAnswer) throws(VendorFailure) -> Answer
    ) async throws -> Answer {
        TransactionScope.requireClosed(for: "simplyprint.\(operation)")
        try await takeBudget()
        let request = HTTPClientRequest(
            method: .post, url: url("files/Upload", query: "", host: configuration.filesURL),
            fields: [
                "accept": "application/json", "x-api-key": configuration.apiKey, "content-type": contentType,
            ], body: body, timeoutSeconds: configuration.timeoutSeconds, responseLimitBytes: Self.responseLimitBytes,
            neverResend: true)
        return try await line.call(operation, request) { answer throws(VendorFailure) in
            try read(try answer.envelope(), answer)
        }
    }

    private func url(_ path: String, query: String, host: String? = nil) -> String {
        var root = (host ?? configuration.apiURL)[...]
        while root.hasSuffix("/") { root = root.dropLast() }
        return "\(root)/\(configuration.companyID)/\(path)" + (query.isEmpty ? "" : "?\(query)")
    }
}

extension VendorAnswer {
    /// The envelope of an answer whose `status` is true.
    /// - Throws: for any other status, by its message: logical failures mostly come with HTTP 200.
    fileprivate func envelope() throws(VendorFailure) -> Envelope {
        guard response.status.isSuccess else {
            let message = (try? JSON.decode(Envelope.self, from: response.body))?.message
            if status == 403, let message, Self.speaksOfThePlan(message) {
                throw failure(.rejected, VendorText.clean(message), mayHaveHappened: false)
            }
            throw failureOfStatus(text: message)
        }
        let envelope = try decode(Envelope.self)
        guard !envelope.isGood else { return envelope }
        let message = VendorText.clean(envelope.message ?? "refused without a reason")
        throw failure(Self.kind(message), message, mayHaveHappened: false)
    }

    /// - Throws: `malformed` when the payload has not the documented shape.
    func understood<Value>(_ read: () throws -> Value) throws(VendorFailure) -> Value {
        do {
            return try read()
        } catch let error as DecodingError {
            throw failure(.malformed, "the answer is not understood at \(error.place)", mayHaveHappened: true)
        } catch {
            throw failure(.malformed, "the answer is not understood", mayHaveHappened: true)
        }
    }

    private static func kind(_ message: String) -> VendorFailure.Kind {
        let lowercase = message.lowercased()
        let locksOut = ["not logged in", "no api key", "access to this account", "token is not valid"]
        return locksOut.contains { lowercase.contains($0) } ? .unauthorized : .rejected
    }

    private static func speaksOfThePlan(_ message: String) -> Bool {
        let lowercase = message.lowercased()
        return lowercase.contains("plan") || lowercase.contains("quota")
    }
}
