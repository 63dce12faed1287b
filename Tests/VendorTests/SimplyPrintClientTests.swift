import FoundationEssentials
import Kernel
import SimplyPrint
import TestKit
import Testing

private struct BudgetIsEmpty: Error {}

/// The page asked for in the body.
private func page(_ request: ScriptedServer.Received) -> Int64 {
    (try? JSON.decode(JSONValue.self, from: request.body))?["page"]?.integer ?? 0
}

@Suite(.timeLimit(.minutes(5))) struct SimplyPrintClientTests {
    @Test func theCompanyIsInThePathAndTheKeyInItsField() async throws {
        try await StandIn.with({ _ in .json("{\"status\":true,\"message\":\"Your API key is valid!\"}") }) { standIn in
            try await standIn.simplyPrint.test()
            let received = try #require(standIn.server.received.first)
            #expect(received.method == "GET")
            #expect(received.target == "/27286/account/Test")
            #expect(received.fields["x-api-key"] == "sp_key")
            #expect(received.fields["authorization"] == nil)
        }
    }

    @Test func aCallWithoutBudgetIsNotMadeAndTheBudgetsErrorPasses() async throws {
        try await StandIn.with({ _ in .json("{\"status\":true}") }) { standIn in
            let client = standIn.simplyPrint(takeBudget: { throw BudgetIsEmpty() })
            await #expect(throws: BudgetIsEmpty.self) { try await client.test() }
            #expect(standIn.server.received.isEmpty)
        }
    }

    @Test(arguments: [
        ("No API key provided, or not logged in", VendorFailure.Kind.unauthorized),
        ("You don't have access to this account", .unauthorized), ("Your plan does not include this", .rejected),
        ("quota_exceeded", .rejected), ("Printer is not operational", .rejected),
    ])
    func statusFalseIsAFailureThoughHTTPSays200(message: String, kind: VendorFailure.Kind) async throws {
        let failure = try await OnceOnly.simplyPrint.failure { _ in
            .json("{\"status\":false,\"message\":\"\(message)\"}")
        }
        #expect(failure.kind == kind)
        #expect(failure.message == message)
        #expect(!failure.mayHaveHappened)
    }

    @Test func aMissingPlanIsRejectedThoughHTTPSaysForbidden() async throws {
        let failure = try await OnceOnly.simplyPrint.failure { _ in
            .json("{\"status\":false,\"message\":\"Needs the Print Farm plan\"}", status: 403)
        }
        #expect(failure.kind == .rejected)
    }

    @Test func everyPageOfPrintersIsReadWithItsOddities() async throws {
        try await StandIn.with({ request in
            page(request) == 1
                ? .json(
                    """
                    {"status":true,"message":null,"page_amount":2,"data":[
                     {"id":385,"printer":{"id":1,"name":"One","state":"printing","awaitingBedClear":false},
                      "job":{"id":552252,"uid":"u-1","state":"printing"}},
                     {"id":"386","printer":{"name":"Two","state":"printing","awaitingBedClear":1}}]}
                    """)
                : .json("{\"status\":true,\"page_amount\":2,\"data\":{\"id\":387,\"job\":null}}")
        }) { standIn in
            let printers = try await standIn.simplyPrint.printers()
            #expect(
                printers == [
                    Printer(
                        id: 385, name: "One", state: "printing", awaitingBedClear: false,
                        job: .init(id: 552_252, uid: "u-1", state: "printing")),
                    Printer(id: 386, name: "Two", state: "printing", awaitingBedClear: true, job: nil),
                    Printer(id: 387, name: "387", state: "unknown", awaitingBedClear: false, job: nil),
                ])
            #expect(standIn.server.received.map(\.target) == ["/27286/printers/Get", "/27286/printers/Get"])
        }
    }

    @Test func aPrinterWithoutIDIsMalformed() async throws {
        try await StandIn.with({ _ in .json("{\"status\":true,\"data\":[{\"printer\":{\"id\":1}}]}") }) { standIn in
            let failure = try await vendorFailure { _ = try await standIn.simplyPrint.printers() }
            #expect(failure.kind == .malformed)
            #expect(failure.message.contains("data[0].id"))
        }
    }

    @Test(
        arguments: [
            ("{\"status\":true,\"created_id\":1337}", 1337, nil),
            (
                "{\"status\":true,\"id\":90817,\"approval_status\":\"not_required\",\"queue_position\":1}", 90_817,
                "not_required"
            ),
            ("{\"status\":1,\"created_id\":\"5\",\"id\":6,\"approval_status\":\"pending\"}", 5, "pending"),
        ] as [(String, Int64, String?)])
    func theNewItemsIDIsReadUnderEitherName(answer: String, id: Int64, approval: String?) async throws {
        try await StandIn.with({ _ in .json(answer) }) { standIn in
            let added = try await standIn.simplyPrint.addQueueItem(.sample)
            #expect(added == AddedQueueItem(queueItemID: id, approvalStatus: approval))
        }
    }

    @Test func theReferenceTravelsInTheCustomFieldAndTheNoteAlways() async throws {
        try await StandIn.with({ _ in .json("{\"status\":true,\"created_id\":1}") }) { standIn in
            _ = try await standIn.simplyPrint.addQueueItem(.sample)
            var plain = NewQueueItem.sample
            plain.customFieldID = nil
            plain.fileID = String(repeating: "a", count: 64)
            _ = try await standIn.simplyPrint.addQueueItem(plain)
            let bodies = try standIn.server.received.map { try JSON.decode(JSONValue.self, from: $0.body) }
            #expect(standIn.server.received[0].target == "/27286/queue/AddItem")
            #expect(
                bodies[0] == [
                    "filesystem": "0123456789abcdef0123456789abcdef", "amount": 1, "note": "#1053 base", "group": 0,
                    "custom_fields": [["customFieldId": "forma3d", "value": ["string": "job-1-1"]]],
                ])
            #expect(bodies[1]["fileId"]?.string?.count == 64)
            #expect(bodies[1]["filesystem"] == nil)
            #expect(bodies[1]["custom_fields"] == nil)
        }
    }

    @Test func anAddedItemWithoutIDMayHaveHappened() async throws {
        let failure = try await OnceOnly.simplyPrint.failure { _ in .json("{\"status\":true}") }
        #expect(failure.kind == .malformed)
        #expect(failure.mayHaveHappened)
    }

    @Test(arguments: [
        "\"queue\":{\"fits\":true,\"items\":[ITEM]}", "\"queue\":[ITEM]", "\"items\":[ITEM]",
        "\"queue\":{\"items\":[ITEM]},\"page_amount\":1",
    ])
    func theQueueIsReadAsObjectOrList(shape: String) async throws {
        let item = """
            {"id":51293,"filename":"x.gcode","note":"#1","left":1,"printed":"0","filesystem_id":"ff",
             "customFields":[{"id":"forma3d","value":{"string":"job-1-1"}},{"id":"n","value":{"number":7}}]}
            """
        let body = "{\"status\":true,\(shape.replacing("ITEM", with: item))}"
        try await StandIn.with({ _ in .json(body) }) { standIn in
            let items = try await standIn.simplyPrint.queueItems(includeDone: false)
            #expect(
                items == [
                    QueueItem(
                        id: 51_293, fileID: "ff", note: "#1", left: 1, printed: 0,
                        customFields: ["forma3d": "job-1-1", "n": "7"], isDone: false)
                ])
            #expect(standIn.server.received[0].target == "/27286/queue/GetItems")
        }
    }

    @Test func doneItemsComeOnceThoughEveryPageHasThem() async throws {
        try await StandIn.with({ request in
            .json(
                "{\"status\":true,\"page_amount\":2,\"queue\":[{\"id\":\(page(request))}],"
                    + "\"done_items\":[{\"id\":90,\"printed\":1,\"custom_fields\":[]}]}"
            )
        }) { standIn in
            let items = try await standIn.simplyPrint.queueItems(includeDone: true)
            #expect(items.map(\.id) == [1, 90, 2])
            #expect(items.map(\.isDone) == [false, true, false])
            #expect(standIn.server.received.allSatisfy { $0.target.hasSuffix("?done_items=1") })
        }
    }

    @Test func itemsPendingApprovalAreFoundUnderAnyName() async throws {
        for key in ["queue", "items", "data"] {
            try await StandIn.with({ _ in .json("{\"status\":true,\"\(key)\":[{\"id\":4}]}") }) { standIn in
                let found = try await standIn.simplyPrint.itemsPendingApproval().map(\.id)
                #expect(found == [4])
            }
        }
    }

    @Test func deletingNamesTheItemInTheQuery() async throws {
        try await StandIn.with({ _ in .json("{\"status\":true}") }) { standIn in
            try await standIn.simplyPrint.deleteQueueItem(51_293)
            #expect(standIn.server.received[0].method == "POST")
            #expect(standIn.server.received[0].target == "/27286/queue/DeleteItem?job=51293")
        }
    }

    @Test func theHistoryLinksJobsToQueueItems() async throws {
        let body = """
            {"status":true,"page_amount":9,"data":[
             {"id":1,"uid":"u-1","status":"done","filename":"a.gcode","startDate":"2026-11-20T10:00:00+00:00",
              "endDate":null,"outsideSystem":false,"printer":385,"queueItem":{"id":1234,"user":1},
              "customFields":[{"id":"forma3d","value":{"string":"job-1-1"}}]},
             {"id":2,"status":"cancelled","outsideSystem":true,"printer":{"id":386,"name":"Two"},"queueItem":null},
             {"id":3,"status":"ongoing"},{"id":4,"status":"failed"},{"id":5,"status":"weird"},
             {"id":6,"status":"finished"}]}
            """
        try await StandIn.with({ _ in .json(body) }) { standIn in
            let since = Date(timeIntervalSince1970: 1_795_179_811)
            let history = try await standIn.simplyPrint.jobHistory(since: since, pagesMaximum: 1)
            let jobs = history.jobs
            #expect(!history.isComplete, "there are eight pages more")
            #expect(standIn.server.received.count == 1)
            let asked = try JSON.decode(JSONValue.self, from: standIn.server.received[0].body)
            #expect(asked == ["page": 1, "page_size": 100, "start_date": "2026-11-20"])
            #expect(jobs.map(\.status) == [.finished, .cancelled, .ongoing, .failed, .other, .finished])
            #expect(jobs[0].queueItemID == 1234)
            #expect(jobs[0].customFields == ["forma3d": "job-1-1"])
            #expect(jobs[0].printerID == 385)
            #expect(jobs[0].startedAt?.timeIntervalSince1970 == 1_795_168_800)
            #expect(jobs[1].isOutsideSystem)
            #expect(jobs[1].queueItemID == nil)
            #expect(jobs[1].printerName == "Two")
        }
    }

    /// A soak printed an item twice: the job that looked for it came a minute late, and three pages of history did not
    /// reach back that far.
    @Test func theHistoryIsReadBackToTheMomentThatIsAskedFor() async throws {
        @Sendable func body(page: Int) -> String {
            let day = 30 - page
            return "{\"status\":true,\"page_amount\":9,\"data\":["
                + "{\"id\":\(100 - page),\"status\":\"done\",\"startDate\":\"2026-11-\(day)T10:00:00+00:00\"}]}"
        }
        let script: ScriptedServer.Script = { request in
            let asked = try? JSON.decode(JSONValue.self, from: request.body)
            guard case .integer(let page)? = asked?["page"] else { return .hangUp }
            return .json(body(page: Int(page)))
        }
        try await StandIn.with(script) { standIn in
            // 2026-11-26 00:00: the third page starts after it, the fifth is the first that starts before.
            let since = Date(timeIntervalSince1970: 1_795_651_200)
            let history = try await standIn.simplyPrint.jobHistory(since: since, pagesMaximum: 300)
            #expect(history.jobs.count == 5)
            #expect(history.isComplete)
            let cut = try await standIn.simplyPrint.jobHistory(since: since, pagesMaximum: 4)
            #expect(cut.jobs.count == 4)
            #expect(!cut.isComplete)
            let whole = try await standIn.simplyPrint.jobHistory(since: nil, pagesMaximum: 300)
            #expect(whole.jobs.count == 9)
            #expect(whole.isComplete)
        }
    }

    @Test func customFieldsAreNamedByTheirTextID() async throws {
        let body =
            "{\"status\":true,\"data\":[{\"id\":7,\"fieldId\":\"forma3d\","
            + "\"fieldLabel\":\"Forma3D\"}],\"page_amount\":1}"
        try await StandIn.with({ _ in .json(body) }) { standIn in
            let found = try await standIn.simplyPrint.customFields()
            #expect(found == [CustomField(id: "forma3d", name: "Forma3D")])
        }
    }
}
