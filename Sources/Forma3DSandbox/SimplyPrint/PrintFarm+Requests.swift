import FoundationEssentials
import HTTPWire

/// SimplyPrint's endpoints. A parameter counts only in its own scope: the query is never read for a body parameter
/// nor the body for a query one (official client's changelog, contracts §1.1).
extension PrintFarm {
    /// - Returns: nil for an endpoint that does not exist, which is 404.
    mutating func answer(_ request: VendorRequest, at now: Date) -> JSONNode? {
        guard let body = request.bodyNode else { return FarmViews.failure("Invalid JSON body") }
        return switch request.segments.joined(separator: "/") {
        case "account/Test": ["status": true, "message": "Your API key is valid!"]
        case "queue/AddItem": addItem(body, at: now)
        case "queue/GetItems": getItems(request, body, at: now)
        case "queue/GetItem": getItem(request, at: now)
        case "queue/UpdateItem": updateItem(request, body)
        case "queue/DeleteItem": deleteItems(request, at: now)
        case "queue/ReviveItem": reviveItem(request)
        case "queue/EmptyQueue": emptyQueue(at: now)
        case "queue/groups/Get": FarmViews.success([("list", [])])
        case "queue/approval/GetPendingItems": pendingItems(at: now)
        case "queue/approval/ApproveItem": decide(request, approve: true, at: now)
        case "queue/approval/DenyItem": decide(request, approve: false, at: now)
        case "printers/Get": getPrinters(request, body, at: now)
        case "printers/GetFarmOverview": overview()
        case "printers/actions/CreateJob": createJob(body, at: now)
        case "printers/actions/Pause": move(request, from: [.printing], to: .paused, event: "job.paused", at: now)
        case "printers/actions/Resume": move(request, from: [.paused], to: .printing, event: "job.resumed", at: now)
        case "printers/actions/Cancel": cancelPrints(request, body, at: now)
        case "printers/actions/ClearBed": clearBeds(request, body, at: now)
        case "jobs/GetPaginatedPrintJobs": history(body, at: now)
        case "jobs/GetDetails": details(request, at: now)
        case "custom_fields/Get":
            FarmViews.success([
                ("data", settings.customField ? [FarmViews.customField] : []), ("page_amount", 1),
                ("total", .integer(settings.customField ? 1 : 0)),
            ])
        case "files/GetFiles": getFiles(request)
        case "files/Upload": keepFile(body, at: now)
        default: answerWebhooks(request, body, at: now)
        }
    }

    // MARK: Queue

    private mutating func addItem(_ body: JSONNode, at now: Date) -> JSONNode {
        guard let fileID = (body["filesystem"] ?? body["fileId"])?.text?.lowercased(), !fileID.isEmpty else {
            return FarmViews.failure("You need to specify either a filesystem or a fileId")
        }
        let isHex = fileID.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isHex, fileID.utf8.count == 32 || fileID.utf8.count == 64 else {
            return FarmViews.failure("File not found")
        }
        let amount = body["amount"]?.lenientInteger ?? 1
        guard (1...10_000).contains(amount) else { return FarmViews.failure("Invalid amount") }
        let isTop = body["position"]?.string == "top"
        let order = Double(itemSequence.count + 1)
        let item = FarmQueueItem(
            id: nextID("queue item"), fileID: fileID,
            filename: (files[fileID] ?? uploads[fileID])?.name ?? "\(fileID.prefix(8)).gcode",
            note: body["note"]?.string, amount: Int(amount), left: Int(amount),
            customFields: Self.stored(body["custom_fields"], known: settings.customField),
            group: body["group"]?.lenientInteger ?? 0, forPrinters: Self.identifiers(body["for_printers"]),
            sortOrder: isTop ? -order : order, addedAt: now, waitsForApproval: settings.approvalRequired)
        add(item)
        send(
            settings.approvalRequired ? "queue.item_pending_approval" : "queue.add_item",
            ["queue_item": node(of: item, index: itemSequence.count, at: now), "user": FarmViews.user], at: now)
        startPrints(at: now)
        if settings.identifierKey == .createdID {
            return FarmViews.success([("created_id", .integer(item.id))])
        }
        return FarmViews.success([
            ("approval_status", settings.approvalRequired ? "pending" : "not_required"), ("id", .integer(item.id)),
            ("queue_position", .integer(waiting.count)),
        ])
    }

    /// Fields the account does not have are dropped without a word.
    private static func stored(_ fields: JSONNode?, known: Bool) -> [JSONNode] {
        (fields?.array ?? []).compactMap { field in
            let id = (field["customFieldId"] ?? field["fieldId"] ?? field["id"])?.text
            guard known, id == FarmSettings.referenceField, let value = field["value"] else { return nil }
            return [
                "id": .string(FarmSettings.referenceField), "value": value.members == nil ? ["string": value] : value,
            ]
        }
    }

    /// An array or comma-separated text.
    private static func identifiers(_ node: JSONNode?) -> Set<Int64> {
        if let array = node?.array { return Set(array.compactMap(\.lenientInteger)) }
        let parts = (node?.text ?? "").split(separator: ",")
        return Set(parts.compactMap { part in Int64(wireDigits: part.filter { $0 != " " }) })
    }

    private func identifiers(_ request: VendorRequest, _ names: String...) -> [Int64] {
        names.flatMap { name in
            (request.parameter(name) ?? "").split(separator: ",").compactMap { Int64(wireDigits: $0) }
        }
    }

    private func getItems(_ request: VendorRequest, _ body: JSONNode, at now: Date) -> JSONNode {
        let nodes = waiting.enumerated().compactMap { index, id in
            items[id].map { node(of: $0, index: index + 1, at: now) }
        }
        var members: [(String, JSONNode)] = []
        if request.method == .get {
            members = [
                ("queue", settings.queueShape == .array ? .array(nodes) : ["fits": true, "items": .array(nodes)]),
                ("groups", []),
            ]
        } else {
            let page = Page(body)
            members = [
                ("queue", .array(page.slice(nodes))), ("total", .integer(nodes.count)),
                ("page", .integer(page.number)), ("page_amount", .integer(page.amount(of: nodes.count))),
            ]
        }
        if let wanted = request.parameter("done_items"), wanted != "0", wanted != "false" {
            let done = doneItems(at: now).enumerated().map { doneNode(of: $1, index: $0 + 1, at: now) }
            members.append(("done_items", .array(done)))
        }
        return FarmViews.success(members)
    }

    private func getItem(_ request: VendorRequest, at now: Date) -> JSONNode {
        guard let id = identifiers(request, "id").first, let item = items[id], item.deletedAt == nil else {
            return FarmViews.failure("Queue item not found")
        }
        return FarmViews.success([("item", node(of: item, index: 1, at: now))])
    }

    private mutating func updateItem(_ request: VendorRequest, _ body: JSONNode) -> JSONNode {
        guard let id = identifiers(request, "job").first else {
            return FarmViews.failure("Missing required parameter: job")
        }
        guard var item = items[id], item.deletedAt == nil else { return FarmViews.failure("Queue item not found") }
        if let note = body["note"] { item.note = note.string }
        if let amount = body["amount"]?.lenientInteger, (1...10_000).contains(amount) {
            item.left = max(0, item.left + Int(amount) - item.amount)
            item.amount = Int(amount)
        }
        items[id] = item
        arrange()
        return FarmViews.success()
    }

    private mutating func deleteItems(_ request: VendorRequest, at now: Date) -> JSONNode {
        let wanted = identifiers(request, "job", "jobs")
        guard !wanted.isEmpty else { return FarmViews.failure("Missing required parameter: job") }
        let found = wanted.filter { items[$0] != nil && items[$0]?.deletedAt == nil }
        guard !found.isEmpty else { return FarmViews.failure("Queue item not found") }
        for id in found {
            items[id]?.deletedAt = now
            if let item = items[id] {
                let node = node(of: item, index: 1, at: now)
                send("queue.delete_item", ["queue_item": node, "user": FarmViews.user], at: now)
            }
        }
        arrange()
        return FarmViews.success()
    }

    private mutating func reviveItem(_ request: VendorRequest) -> JSONNode {
        guard let id = identifiers(request, "job").first, let item = items[id], item.isDone else {
            return FarmViews.failure("Queue item not found")
        }
        items[id]?.left = item.amount
        items[id]?.doneAt = nil
        arrange()
        return FarmViews.success()
    }

    private mutating func emptyQueue(at now: Date) -> JSONNode {
        for id in waiting { items[id]?.deletedAt = now }
        arrange()
        return FarmViews.success()
    }

    private func pendingItems(at now: Date) -> JSONNode {
        let pending = itemSequence.compactMap { items[$0] }.filter(\.isPending)
        let nodes = pending.enumerated().map { node(of: $1, index: $0 + 1, at: now) }
        return FarmViews.success([("items", .array(nodes)), ("page_amount", 1), ("total", .integer(nodes.count))])
    }

    private mutating func decide(_ request: VendorRequest, approve: Bool, at now: Date) -> JSONNode {
        let wanted = identifiers(request, "jobs", "job").filter { items[$0]?.isPending == true }
        guard !wanted.isEmpty else { return FarmViews.failure("Queue item not found") }
        for id in wanted {
            items[id]?.waitsForApproval = false
            if !approve { items[id]?.deletedAt = now }
        }
        arrange()
        startPrints(at: now)
        return FarmViews.success()
    }

    // MARK: Printers

    private func getPrinters(_ request: VendorRequest, _ body: JSONNode, at now: Date) -> JSONNode {
        let wanted = identifiers(request, "pid")
        let nodes = printers.enumerated().filter { wanted.isEmpty || wanted.contains($1.id) }
            .map { node(of: $1, index: $0 + 1, at: now) }
        if wanted.count == 1 {
            guard let node = nodes.first else { return FarmViews.failure("Printer not found") }
            return FarmViews.success([("data", node)])
        }
        // A GET is given 25 at most, a POST what it asks for up to 100.
        let page = Page(body, sizeMaximum: request.method == .get ? 25 : 100)
        return FarmViews.success([
            ("page_amount", .integer(page.amount(of: nodes.count))), ("total", .integer(nodes.count)),
            ("data", .array(page.slice(nodes))),
        ])
    }

    private func overview() -> JSONNode {
        var buckets: JSONNode = [:]
        for state in [FarmPrinter.State.operational, .printing, .paused, .downloading, .offline, .error] {
            let members = printers.filter { $0.state == state && !$0.awaitsBedClear }
            buckets[state.rawValue] = Self.bucket(members)
        }
        buckets["awaiting_bed_clear"] = Self.bucket(printers.filter(\.awaitsBedClear))
        return FarmViews.success([("total", .integer(printers.count)), ("buckets", buckets)])
    }

    private static func bucket(_ members: [FarmPrinter]) -> JSONNode {
        [
            "count": .integer(members.count),
            "printers": .array(members.map { ["id": .integer($0.id), "name": .string($0.name)] }),
        ]
    }

    private mutating func createJob(_ body: JSONNode, at now: Date) -> JSONNode {
        let wanted = Self.identifiers(body["pid"]).sorted() + (body["pid"]?.integer.map { [$0] } ?? [])
        let printerIDs = Array(Set(wanted)).sorted()
        guard !printerIDs.isEmpty else { return FarmViews.failure("Missing required parameter: pid") }
        let fileID = (body["filesystem"] ?? body["file_id"])?.string
        let isNext = body["next_queue_item"]?.bool == true
        guard body["queue_file"] != nil || fileID != nil || isNext else {
            return FarmViews.failure("You need to specify what to print")
        }
        guard printerIDs.allSatisfy({ id in printers.contains { $0.id == id && $0.state == .operational } }) else {
            return FarmViews.failure("Printer is not operational")
        }
        var started: [FarmJob] = []
        for printerID in printerIDs {
            let itemID = isNext ? waiting.first : body["queue_file"]?.lenientInteger
            if let itemID, items[itemID]?.isOnQueue != true { return FarmViews.failure("Queue item not found") }
            guard let job = start(printerID: printerID, itemID: itemID, fileID: fileID, at: now) else {
                return FarmViews.failure("Printer is not operational")
            }
            started.append(job)
        }
        return FarmViews.success([
            (
                "files",
                [
                    [
                        "name": .string(started.first?.filename ?? ""),
                        "analysis": ["filament": [60], "estimate": .decimal(settings.printSeconds)],
                        "printers": .array(printerIDs.map { .integer($0) }), "queued": false, "cost": [],
                    ]
                ]
            ), ("jobIds", .array(started.map { .integer($0.id) })),
        ])
    }

    private mutating func move(
        _ request: VendorRequest, from: Set<FarmPrinter.State>, to state: FarmPrinter.State, event: String, at now: Date
    ) -> JSONNode {
        let wanted = identifiers(request, "pid")
        guard !wanted.isEmpty else { return FarmViews.failure("Missing required parameter: pid") }
        for id in wanted {
            guard let printer = printers.first(where: { $0.id == id }), from.contains(printer.state) else {
                return FarmViews.failure("Printer is not \(from.first?.rawValue ?? "ready")")
            }
            change(printer: id) { $0.state = state }
            if let jobID = printer.jobID { report(event, job: jobID, at: now) }
        }
        return FarmViews.success()
    }

    /// Cancel names a printer, not a job: whatever prints there ends.
    private mutating func cancelPrints(_ request: VendorRequest, _ body: JSONNode, at now: Date) -> JSONNode {
        let wanted = identifiers(request, "pid")
        guard !wanted.isEmpty else { return FarmViews.failure("Missing required parameter: pid") }
        for id in wanted {
            guard let job = runningJob(on: id) else { return FarmViews.failure("Printer is not printing") }
            change(job: job.id) { $0.comment = body["comment"]?.string }
            end(job.id, as: .cancelled, reason: body["reason"]?.lenientInteger ?? 6, at: now)
            if body["return_to_queue"]?.bool == true { returnToQueue(job.id) }
        }
        return FarmViews.success()
    }

    private mutating func clearBeds(_ request: VendorRequest, _ body: JSONNode, at now: Date) -> JSONNode {
        let wanted = identifiers(request, "pid")
        guard !wanted.isEmpty else { return FarmViews.failure("Missing required parameter: pid") }
        for id in wanted where !clearBed(id, at: now) {
            return FarmViews.failure("Printer does not have a bed to clear")
        }
        if let rating = body["rating"]?.lenientInteger {
            for id in wanted {
                let last = jobSequence.last { jobs[$0]?.printerID == id }
                if let last { change(job: last) { $0.rating = rating } }
            }
        }
        return FarmViews.success()
    }

    // MARK: Jobs

    private func history(_ body: JSONNode, at now: Date) -> JSONNode {
        let accepted = (body["status"]?.array ?? body["accepted_statuses"]?.array ?? []).compactMap(\.string)
        let printerIDs = Self.identifiers(body["printer_ids"])
        let start = body["start_date"]?.string?.prefix(10)
        let end = body["end_date"]?.string?.prefix(10)
        let chosen = jobSequence.reversed().compactMap { jobs[$0] }.filter { job in
            let day = VendorTime.utcOffset(job.startedAt).prefix(10)
            return (accepted.isEmpty || accepted.contains(job.state.rawValue))
                && (printerIDs.isEmpty || printerIDs.contains(job.printerID)) && start.map { day >= $0 } ?? true
                && end.map { day <= $0 } ?? true
        }
        let page = Page(body)
        return FarmViews.success([
            ("data", .array(page.slice(chosen).map { historyNode(of: $0, at: now) })),
            ("page_amount", .integer(page.amount(of: chosen.count))), ("total", .integer(chosen.count)),
        ])
    }

    /// By uid, not by number (contracts §1.2).
    private func details(_ request: VendorRequest, at now: Date) -> JSONNode {
        guard let uid = request.parameter("id"), let job = jobs.values.first(where: { $0.uid == uid }) else {
            return FarmViews.failure("Print job not found")
        }
        return FarmViews.success([("job", detailsNode(of: job, at: now))])
    }

    /// `page` from 1 and `page_size` up to a maximum, in the body.
    private struct Page {
        let number: Int
        let size: Int

        init(_ body: JSONNode, sizeMaximum: Int = 100) {
            number = max(1, Int(clamping: body["page"]?.lenientInteger ?? 1))
            size = min(sizeMaximum, max(1, Int(clamping: body["page_size"]?.lenientInteger ?? 10)))
        }

        func slice<Element>(_ all: [Element]) -> [Element] {
            let (skipped, overflow) = (number - 1).multipliedReportingOverflow(by: size)
            return overflow ? [] : Array(all.dropFirst(skipped).prefix(size))
        }

        func amount(of count: Int) -> Int { max(1, (count + size - 1) / size) }
    }
}
