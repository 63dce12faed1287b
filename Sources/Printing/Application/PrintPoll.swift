import FoundationEssentials
import Contracts
package import Jobs
package import Kernel
package import Postgres
package import SimplyPrint

/// Reads printers, queue and job history, so that a lost `job.done` heals within one round (ADR-020).
package struct PrintPoll: Sendable {
    package static let kind: JobKind = "printing.poll"
    package static let scheduleName = "printing.poll"
    /// A poll at once. It shares the schedule's keys, so that two never overlap and one that waits stands for both.
    package static let job = NewJob(
        kind, uniqueKey: "schedule:\(scheduleName)", concurrencyKey: "schedule:\(scheduleName)")
    /// An item that neither queue nor history knows for this long was removed by somebody.
    package static let missingGraceSeconds = 120.0
    /// How far before the oldest open item the history is read: clocks differ.
    package static let historyMarginSeconds = 3_600.0
    package static let historyPagesMaximum = 50

    private let database: Database
    private let desk: PrintDesk
    private let client: SimplyPrintClient
    private let stamp: ReferenceStamp
    private let time: Time

    package init(database: Database, desk: PrintDesk, client: SimplyPrintClient, stamp: ReferenceStamp, time: Time) {
        self.database = database
        self.desk = desk
        self.client = client
        self.stamp = stamp
        self.time = time
    }

    package var registration: JobRegistration {
        JobRegistration(Self.kind, timeoutSeconds: 300, handle: poll)
    }

    private func poll(_ job: Job) async throws -> Commit? {
        let open = try await PrintJobReading.openAttempts(in: database)
        guard let oldest = open.first else { return nil }
        let field = try await stamp.customFieldID()
        let read = try await client.jobHistory(
            since: oldest.queuedAt.addingTimeInterval(-Self.historyMarginSeconds),
            pagesMaximum: Self.historyPagesMaximum)
        let history = read.jobs
        let farm = FarmPicture(
            history: history.filter { !$0.isOutsideSystem }, queue: try await queue(open, history),
            printers: try await client.printers(), fieldID: field)
        let sightings = open.map { ($0, farm.sighting(of: $0)) }
        let now = time.now()
        return { transaction in
            let seen = Dictionary(sightings.map { ($0.0.key, $0.1) }, uniquingKeysWith: { first, _ in first })
            let known = Dictionary(open.map { ($0.key, $0.jobID) }, uniquingKeysWith: { first, _ in first })
                .compactMapValues { $0 }
            // The print jobs before their attempts, as everywhere.
            let printJobs = try await PrintJobStorage.lock(seen.keys.map(\.printJobID), in: transaction)
            let waiting = sightings.filter { $0.1.isWaiting }.map(\.0.reference)
            try await PrintJobStorage.noteWaiting(waiting, in: transaction)
            // Of a history that was not read to its end nobody can say what it does not know.
            let missing = read.isComplete ? sightings.filter { $0.1 == .missing }.map(\.0.key) : []
            let gone = Set(
                try await PrintJobStorage.noteMissing(missing, graceSeconds: Self.missingGraceSeconds, in: transaction))
            for var printJob in printJobs {
                let key = AttemptKey(printJobID: printJob.id, attempt: printJob.attempt)
                switch seen[key] {
                case .seen(let sighting):
                    try await PrintJobStorage.noteFarmJob(
                        jobID: sighting.jobID, uid: sighting.uid, printerID: sighting.printerID,
                        printerName: sighting.printerName, observedAt: now, attempt: key, in: transaction)
                    try await desk.apply(sighting.observation, of: sighting.jobID, to: &printJob, in: transaction)
                case .missing where gone.contains(key):
                    try await desk.apply(.vanished, of: known[key] ?? 0, to: &printJob, in: transaction)
                case .returned(let jobID):
                    try await desk.apply(.returned, of: jobID, to: &printJob, in: transaction)
                case .missing, .waiting, nil: break
                }
            }
        }
    }

    /// The queue is only read when the history leaves an open item unexplained: calls are scarce (60 a minute). A print
    /// that failed or was cancelled explains nothing: it may have gone back into the queue.
    private func queue(_ open: [OpenAttempt], _ history: [HistoricJob]) async throws -> FarmPicture.Queue {
        let explained = Set(history.filter { ![.failed, .cancelled].contains($0.status) }.compactMap(\.queueItemID))
        guard open.contains(where: { !explained.contains($0.queueItemID) }) else { return .init() }
        // An item that is let onto the queue in this moment is seen at least once.
        let pending = try await client.itemsPendingApproval()
        return .init(items: try await client.queueItems(includeDone: false), pendingApproval: pending)
    }
}

/// What the farm shows at one moment, asked about one attempt at a time. Pure.
package struct FarmPicture: Sendable {
    /// What is known of one attempt.
    package enum Answer: Hashable, Sendable {
        case seen(Sighting)
        case waiting
        /// Its print was stopped and the item waits again: it may be taken back like any that waits.
        case returned(jobID: Int64)
        case missing

        var isWaiting: Bool {
            switch self {
            case .waiting, .returned: true
            case .seen, .missing: false
            }
        }
    }

    /// A job of the farm that is the attempt's.
    package struct Sighting: Hashable, Sendable {
        package let observation: PrintObservation
        package let jobID: Int64?
        package let uid: String?
        package let printerID: Int64?
        package let printerName: String?
    }

    private let jobs: [Int64: HistoricJob]
    private let jobsByReference: [String: HistoricJob]
    private let queue: Queue
    private let printers: [String: Printer]

    /// What is on the farm's queue, by id.
    package struct Queue: Hashable, Sendable {
        /// Known to the queue.
        let all: Set<Int64>
        /// A copy is still to be printed.
        let waiting: Set<Int64>

        package init(items: [QueueItem] = [], pendingApproval: [QueueItem] = []) {
            all = Set((items + pendingApproval).map(\.id))
            waiting = Set((items.filter { $0.left > 0 } + pendingApproval).map(\.id))
        }
    }

    package init(history: [HistoricJob], queue: Queue, printers: [Printer], fieldID: String?) {
        // The newest job of an item counts: a cancelled print may have gone back into the queue.
        let newest = history.sorted { $0.id < $1.id }
        jobs = Dictionary(
            newest.compactMap { job in job.queueItemID.map { ($0, job) } }, uniquingKeysWith: { _, last in last })
        jobsByReference = Dictionary(
            newest.compactMap { job in
                ReferenceStamp.reference(in: job.customFields, note: nil, fieldID: fieldID).map { ($0, job) }
            }, uniquingKeysWith: { _, last in last })
        self.queue = queue
        self.printers = Dictionary(
            printers.compactMap { printer in printer.job?.uid.map { ($0, printer) } },
            uniquingKeysWith: { _, last in last })
    }

    package func sighting(of attempt: OpenAttempt) -> Answer {
        guard let job = jobsByReference[attempt.reference] ?? jobs[attempt.queueItemID] else {
            return queue.all.contains(attempt.queueItemID) ? .waiting : .missing
        }
        let observation: PrintObservation
        switch job.status {
        case .ongoing: observation = .started
        case .finished: observation = .finished
        // Ended with "return to queue": the item waits for its next print.
        case .failed where queue.waiting.contains(attempt.queueItemID): return .returned(jobID: job.id)
        case .cancelled where queue.waiting.contains(attempt.queueItemID): return .returned(jobID: job.id)
        case .failed: observation = .failed
        case .cancelled: observation = .cancelledAtFarm
        default: return .waiting
        }
        let printer = job.uid.flatMap { printers[$0] }
        return .seen(
            Sighting(
                observation: observation, jobID: job.id, uid: job.uid, printerID: job.printerID ?? printer?.id,
                printerName: job.printerName ?? printer?.name))
    }
}
