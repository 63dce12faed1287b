import FoundationEssentials
import Kernel

/// The farm: queue, printers, jobs. A pure value; time and identities come in.
///
/// Queue items, jobs and printers each count from 101, so that a mixed-up id passes every type check and hits the
/// wrong thing (contracts §1.6).
struct PrintFarm: Sendable {
    struct Hook: Sendable {
        let event: String
        let url: String?
        let secret: String
        let webhookID: Int64
        let body: [UInt8]
    }

    enum Event: Sendable {
        case beginPrint(jobID: Int64)
        case endPrint(jobID: Int64)
        case clearBed(printerID: Int64)
    }

    static let firstID: Int64 = 101

    private(set) var settings: FarmSettings
    var pace: Pace
    private let identities: Identities
    private(set) var printers: [FarmPrinter] = []
    var items: [Int64: FarmQueueItem] = [:]
    var itemSequence: [Int64] = []
    private(set) var jobs: [Int64: FarmJob] = [:]
    private(set) var jobSequence: [Int64] = []
    var webhooks: [Int64: FarmWebhook] = [:]
    /// User files by their 32 digits: what `files/Upload` kept.
    var files: [String: FarmFile] = [:]
    var uploads: [String: FarmFile] = [:]
    var outgoing: [Hook] = []
    private(set) var agenda = Agenda<Event>()
    private var counters: [String: Int64] = [:]
    /// Items on the queue, in the order they will be printed.
    private(set) var waiting: [Int64] = []

    init(settings: FarmSettings, pace: Pace, identities: Identities = .system) {
        self.settings = settings
        self.pace = pace
        self.identities = identities
        fitPrinters()
    }

    mutating func nextID(_ kind: String) -> Int64 {
        defer { counters[kind, default: 0] += 1 }
        return Self.firstID + (counters[kind] ?? 0)
    }

    func uuid() -> String { identities.uuid().uuidString.lowercased() }

    mutating func apply(_ patch: JSONNode, at now: Date) -> [String] {
        let bad = settings.apply(patch)
        fitPrinters()
        startPrints(at: now)
        return bad
    }

    /// Idle printers beyond the wanted number go.
    private mutating func fitPrinters() {
        while printers.count < settings.printers {
            let id = nextID("printer")
            printers.append(FarmPrinter(id: id, name: "Printer \(printers.count + 1)"))
        }
        while printers.count > settings.printers, printers.last?.jobID == nil { printers.removeLast() }
    }

    // MARK: Time

    var nextDue: Date? { agenda.nextDue }

    mutating func advance(to now: Date) {
        while let (due, event) = agenda.popDue(at: now) {
            switch event {
            case .beginPrint(let jobID): beginPrint(jobID, at: due)
            case .endPrint(let jobID): endPrint(jobID, at: due)
            case .clearBed(let printerID): _ = clearBed(printerID, at: due)
            }
        }
        startPrints(at: now)
    }

    // MARK: Queue

    mutating func add(_ item: FarmQueueItem) {
        items[item.id] = item
        itemSequence.append(item.id)
        guard item.isOnQueue else { return }
        let place = waiting.lastIndex { (items[$0]?.sortOrder ?? 0) <= item.sortOrder }
        waiting.insert(item.id, at: place.map { $0 + 1 } ?? 0)
    }

    mutating func arrange() {
        waiting = itemSequence.compactMap { items[$0] }.filter(\.isOnQueue).sorted {
            ($0.sortOrder, $0.id) < ($1.sortOrder, $1.id)
        }.map(\.id)
    }

    /// Every free printer takes the first item that is for it.
    mutating func startPrints(at now: Date) {
        guard settings.autoPrint else { return }
        for index in printers.indices where isFree(printers[index]) {
            let printerID = printers[index].id
            let itemID = waiting.first { id in
                guard let item = items[id], item.isOnQueue else { return false }
                return item.forPrinters.isEmpty || item.forPrinters.contains(printerID)
            }
            guard let itemID else { continue }
            _ = start(printerID: printerID, itemID: itemID, at: now)
        }
    }

    private func isFree(_ printer: FarmPrinter) -> Bool {
        printer.state == .operational && printer.jobID == nil && !printer.awaitsBedClear
    }

    // MARK: Prints

    /// Starts one copy of an item, or a file, on a printer. - Returns: nil when the printer is not free.
    mutating func start(
        printerID: Int64, itemID: Int64? = nil, fileID: String? = nil, outside: Bool = false, at now: Date
    ) -> FarmJob? {
        guard let index = printers.firstIndex(where: { $0.id == printerID }), isFree(printers[index]) else {
            return nil
        }
        var item = itemID.flatMap { items[$0] }
        if itemID != nil, item?.isOnQueue != true { return nil }
        if var taken = item {
            taken.left -= 1
            taken.ongoing += 1
            if taken.left == 0 { taken.doneAt = now }
            items[taken.id] = taken
            item = taken
            if taken.left == 0 { waiting.removeAll { $0 == taken.id } }
        }
        let printingFrom = pace.date(outside ? 0 : settings.downloadSeconds, after: now)
        var job = FarmJob(
            id: nextID("job"), uid: uuid(), printerID: printerID, queueItemID: item?.id,
            fileID: item?.fileID ?? fileID ?? "", filename: item?.filename ?? "file.gcode",
            customFields: item?.customFields ?? [], reference: item?.reference, isOutsideSystem: outside,
            startedAt: now, finishesAt: pace.date(settings.printSeconds, after: printingFrom))
        job.willFail = printers[index].failsNext
        printers[index].failsNext = false
        printers[index].jobID = job.id
        printers[index].state = .downloading
        jobs[job.id] = job
        jobSequence.append(job.id)
        agenda.add(.beginPrint(jobID: job.id), at: printingFrom)
        return job
    }

    private mutating func beginPrint(_ jobID: Int64, at now: Date) {
        guard let job = jobs[jobID], job.state == .ongoing else { return }
        change(printer: job.printerID) { $0.state = .printing }
        agenda.add(.endPrint(jobID: jobID), at: job.finishesAt)
        report("job.started", job: jobID, at: now)
    }

    private mutating func endPrint(_ jobID: Int64, at now: Date) {
        guard let job = jobs[jobID], job.state == .ongoing else { return }
        let printer = printers.first { $0.id == job.printerID }
        guard printer?.state != .paused else {
            // A paused print goes on later; look again after a while.
            agenda.add(.endPrint(jobID: jobID), at: now.addingTimeInterval(0.05))
            return
        }
        end(jobID, as: job.willFail ? .failed : .finished, at: now)
    }

    /// Ends a running print. - Returns: false when it is not running.
    @discardableResult
    mutating func end(_ jobID: Int64, as state: FarmJob.State, reason: Int64? = nil, at now: Date) -> Bool {
        guard var job = jobs[jobID], job.state == .ongoing else { return false }
        job.state = state
        job.endedAt = now
        job.cancelReason = reason
        jobs[jobID] = job
        if let itemID = job.queueItemID {
            items[itemID]?.ongoing -= 1
            if state == .finished { items[itemID]?.printed += 1 }
        }
        change(printer: job.printerID) { printer in
            printer.state = .operational
            printer.jobID = nil
            printer.awaitsBedClear = true
        }
        let event =
            switch state {
            case .finished: "job.done"
            case .failed: "job.failed"
            case .cancelled, .ongoing: "job.cancelled"
            }
        report(event, job: jobID, at: now)
        if settings.autoClearBed {
            agenda.add(.clearBed(printerID: job.printerID), at: pace.date(settings.bedClearSeconds, after: now))
        }
        return true
    }

    /// Puts a copy back, as Cancel with `return_to_queue` does: the same item, later a new job.
    mutating func returnToQueue(_ jobID: Int64) {
        guard let itemID = jobs[jobID]?.queueItemID, items[itemID]?.deletedAt == nil else { return }
        items[itemID]?.left += 1
        items[itemID]?.doneAt = nil
        arrange()
    }

    mutating func clearBed(_ printerID: Int64, at now: Date) -> Bool {
        guard printers.contains(where: { $0.id == printerID && $0.awaitsBedClear }) else { return false }
        change(printer: printerID) { $0.awaitsBedClear = false }
        startPrints(at: now)
        return true
    }

    mutating func change(printer id: Int64, _ change: (inout FarmPrinter) -> Void) {
        guard let index = printers.firstIndex(where: { $0.id == id }) else { return }
        change(&printers[index])
    }

    mutating func change(job id: Int64, _ change: (inout FarmJob) -> Void) {
        guard var job = jobs[id] else { return }
        change(&job)
        jobs[id] = job
    }

    /// Ends one running print of one printer. - Returns: its job.
    func runningJob(on printerID: Int64) -> FarmJob? {
        printers.first { $0.id == printerID }?.jobID.flatMap { jobs[$0] }
    }

    // MARK: Webhooks

    /// The farm's own subscription at the target takes the job events that a workshop listens to.
    static let targetEvents: Set<String> = [
        "job.started", "job.paused", "job.resumed", "job.cancelled", "job.done", "job.failed", "test",
    ]
    static let targetWebhookID: Int64 = 42

    mutating func report(_ event: String, job id: Int64, at now: Date) {
        guard let job = jobs[id] else { return }
        var data: JSONNode = ["job": hookNode(of: job, event: event, at: now)]
        if event == "job.started" || event == "job.cancelled" { data["user"] = FarmViews.user }
        if event == "job.started" { data["started_by"] = FarmViews.user }
        send(event, data, at: now)
    }

    mutating func send(_ event: String, _ data: JSONNode, at now: Date) {
        func body(_ id: Int64) -> [UInt8] {
            let node: JSONNode = [
                "webhook_id": .integer(id), "event": .string(event),
                "timestamp": .integer(Int64(now.timeIntervalSince1970)), "data": data,
            ]
            return node.bytes()
        }
        if Self.targetEvents.contains(event) {
            outgoing.append(
                Hook(
                    event: event, url: nil, secret: SandboxCredentials.farmHookSecret,
                    webhookID: Self.targetWebhookID, body: body(Self.targetWebhookID)))
        }
        for webhook in webhooks.values.sorted(by: { $0.id < $1.id })
        where webhook.isEnabled && webhook.events.contains(event) {
            outgoing.append(
                Hook(
                    event: event, url: webhook.url, secret: webhook.secret ?? "", webhookID: webhook.id,
                    body: body(webhook.id)))
        }
    }

    mutating func takeOutgoing() -> [Hook] {
        defer { outgoing = [] }
        return outgoing
    }
}
