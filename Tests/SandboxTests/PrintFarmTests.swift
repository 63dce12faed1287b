import FoundationEssentials
import HTTPWire
import Testing

@testable import Forma3DSandbox

@Suite struct PrintFarmTests {
    private static let file = "c00489ef361771ac098b5a60e6740757"
    private let start = Date(timeIntervalSince1970: 1_795_000_000)

    private func farm(_ change: (inout FarmSettings) -> Void = { _ in }) -> PrintFarm {
        var settings = FarmSettings()
        settings.printers = 2
        change(&settings)
        return PrintFarm(settings: settings, pace: Pace(1))
    }

    private func add(_ farm: inout PrintFarm, amount: Int64 = 1, _ more: JSONNode = [:]) throws -> Int64 {
        var body: JSONNode = ["filesystem": .string(Self.file), "amount": .integer(amount)]
        for member in more.members ?? [] { body[member.name] = member.value }
        let answer = farm.answer(request(.post, "queue/AddItem", body: body), at: start)
        #expect(answer?["status"] == true)
        return try #require(answer?["created_id"]?.integer)
    }

    @Test func anItemOfThreeYieldsThreeJobsAndLeavesTheQueue() throws {
        var farm = farm()
        let id = try add(
            &farm, amount: 3,
            ["custom_fields": [["customFieldId": "forma3d_reference", "value": ["string": "ref-1"]]]])
        #expect(farm.items[id]?.left == 1)
        #expect(farm.items[id]?.ongoing == 2)
        farm.advance(to: start.addingTimeInterval(300))
        let item = try #require(farm.items[id])
        #expect(item.left == 0)
        #expect(item.printed == 3)
        #expect(item.ongoing == 0)
        #expect(farm.jobs.values.map(\.state) == [.finished, .finished, .finished])
        #expect(Set(farm.jobs.values.map(\.uid)).count == 3)
        let history = farm.answer(
            request(.post, "jobs/GetPaginatedPrintJobs", body: ["page": 1, "page_size": 2]),
            at: start.addingTimeInterval(300))
        #expect(history?["page_amount"] == 2)
        #expect(history?.at("data", "0", "queueItem", "id") == .integer(id))
        #expect(history?.at("data", "0", "customFields", "0", "value", "string") == "ref-1")
        let queue = farm.answer(
            request(.get, "queue/GetItems", query: [("done_items", "1")]), at: start.addingTimeInterval(300))
        #expect(queue?.at("queue", "items") == [])
        #expect(queue?.at("done_items", "0", "done") == 3)
        let events = farm.takeOutgoing().map(\.event)
        #expect(events.filter { $0 == "job.started" }.count == 3)
        #expect(events.filter { $0 == "job.done" }.count == 3)
    }

    @Test func idsOfItemsJobsAndPrintersOverlap() throws {
        var farm = farm()
        let id = try add(&farm)
        #expect(id == 101)
        #expect(farm.jobs[101] != nil)
        #expect(farm.printers.first?.id == 101)
    }

    @Test func jobWebhooksNameThePrinterInsideTheJobAndNoQueueItem() throws {
        var farm = farm()
        _ = try add(&farm)
        farm.advance(to: start.addingTimeInterval(90))
        let hook = try #require(farm.takeOutgoing().last { $0.event == "job.done" })
        let body = try #require(JSONNode.parse(hook.body))
        #expect(body["event"] == "job.done")
        #expect(body["timestamp"]?.integer != nil)
        #expect(body.at("data", "job", "printer", "id") != nil)
        #expect(body.at("data", "printer") == nil)
        #expect(!String(decoding: hook.body, as: UTF8.self).contains("queue"))
    }

    @Test func parametersCountOnlyInTheirScope() throws {
        var farm = farm { $0.autoPrint = false }
        let id = try add(&farm)
        let inBody = farm.answer(request(.post, "queue/DeleteItem", body: ["job": .integer(id)]), at: start)
        #expect(inBody?["status"] == false)
        #expect(farm.items[id]?.deletedAt == nil)
        let inQuery = farm.answer(request(.post, "queue/DeleteItem", query: [("job", String(id))]), at: start)
        #expect(inQuery?["status"] == true)
        #expect(farm.items[id]?.deletedAt != nil)
        let fileInQuery = farm.answer(
            request(.post, "queue/AddItem", query: [("filesystem", Self.file)], body: [:]), at: start)
        #expect(fileInQuery?["status"] == false)
        let pid = farm.answer(request(.post, "printers/Get", body: ["pid": 101]), at: start)
        #expect(pid?["data"]?.array?.count == 2)
    }

    @Test func onePrinterIsAnObjectManyAreAList() {
        var farm = farm()
        let one = farm.answer(request(.post, "printers/Get", query: [("pid", "101")]), at: start)
        #expect(one?["data"]?.members != nil)
        let all = farm.answer(request(.post, "printers/Get", body: ["page_size": 1, "page": 2]), at: start)
        #expect(all?["page_amount"] == 2)
        #expect(all?.at("data", "0", "id") == 102)
        #expect(all?.at("data", "0", "job") == .some(.null))
    }

    @Test func endpointsThatDoNotExistAreNil() {
        var farm = farm()
        for path in ["files/List", "queue/RemoveItem", "queue/Get", "jobs/Get"] {
            #expect(farm.answer(request(.get, path), at: start) == nil)
        }
    }

    @Test func aBedThatNobodyClearsStopsThePrinter() throws {
        var farm = farm {
            $0.autoClearBed = false
            $0.printers = 1
        }
        _ = try add(&farm)
        _ = try add(&farm)
        farm.advance(to: start.addingTimeInterval(500))
        #expect(farm.jobs.count == 1)
        #expect(farm.printers.first?.awaitsBedClear == true)
        let cleared = farm.answer(
            request(.post, "printers/actions/ClearBed", query: [("pid", "101")], body: [:]),
            at: start.addingTimeInterval(500))
        #expect(cleared?["status"] == true)
        #expect(farm.jobs.count == 2)
    }

    @Test func cancelNamesThePrinterAndCanReturnTheCopy() throws {
        var farm = farm { $0.printers = 1 }
        let id = try add(&farm)
        farm.advance(to: start.addingTimeInterval(5))
        let answer = farm.answer(
            request(
                .post, "printers/actions/Cancel", query: [("pid", "101")],
                body: ["reason": 1, "return_to_queue": true]), at: start.addingTimeInterval(6))
        #expect(answer?["status"] == true)
        #expect(farm.jobs[101]?.state == .cancelled)
        #expect(farm.items[id]?.left == 1)
        #expect(farm.takeOutgoing().last?.event == "job.cancelled")
        farm.advance(to: start.addingTimeInterval(60))
        #expect(farm.jobs[102]?.queueItemID == id)
    }

    @Test func aFailureThatWasToldToComeComes() throws {
        var farm = farm { $0.printers = 1 }
        farm.change(printer: 101) { $0.failsNext = true }
        let id = try add(&farm, amount: 2)
        farm.advance(to: start.addingTimeInterval(400))
        #expect(farm.jobs[101]?.state == .failed)
        #expect(farm.jobs[102]?.state == .finished)
        #expect(farm.items[id]?.printed == 1)
    }

    @Test func anAccountWithoutTheFieldDropsIt() throws {
        var farm = farm { $0.customField = false }
        let reference = "0199f0c2-0000-7000-8000-000000000001-1"
        let id = try add(
            &farm, 1,
            [
                "note": .string("Forma3D \(reference)"),
                "custom_fields": [["customFieldId": "forma3d_reference", "value": ["string": "x"]]],
            ])
        #expect(farm.items[id]?.customFields == [])
        #expect(farm.items[id]?.reference == reference)
        let fields = farm.answer(request(.post, "custom_fields/Get", body: [:]), at: start)
        #expect(fields?["data"] == [])
    }

    private func add(_ farm: inout PrintFarm, _ amount: Int64, _ more: JSONNode) throws -> Int64 {
        try add(&farm, amount: amount, more)
    }

    @Test(
        arguments: [
            ("forma3d_reference: abc-1 rest", "abc-1"), ("abc-1", "abc-1"), ("two words", nil),
            ("[0199f0c2-0000-7000-8000-000000000001-2] order #1001", "0199f0c2-0000-7000-8000-000000000001-2"),
        ] as [(String, String?)])
    func notesAreSearchedForTheReference(_ note: String, _ reference: String?) {
        #expect(FarmReference.of(note: note) == reference)
    }

    @Test func sixtyCallsAMinuteAndNoMore() {
        var window = RateWindow()
        for second in 0..<60 {
            #expect(window.take(limit: 60, atSeconds: Double(second) / 10) == true)
        }
        #expect(window.take(limit: 60, atSeconds: 59) == false)
        #expect(window.take(limit: 60, atSeconds: 60) == true)
        #expect(window.take(limit: 60, atSeconds: 60.05) == false)
        #expect(window.take(limit: 60, atSeconds: 60.1) == true)
        #expect(window.take(limit: 0, atSeconds: 60.1) == true)
    }

    @Test func webhooksAreMadeDisabledAndRefuseUnknownEvents() {
        var farm = farm()
        let bad = farm.answer(
            request(.post, "webhooks/Create", body: ["url": "https://a.example", "events": ["job.finished"]]), at: start
        )
        #expect(bad?["message"] == "events.0: Invalid enum value specified!")
        let good = farm.answer(
            request(.post, "webhooks/Create", body: ["url": "https://a.example", "events": ["job.done"]]), at: start)
        #expect(good?.at("webhook", "enabled") == false)
    }
}
