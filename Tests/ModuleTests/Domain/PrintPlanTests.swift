import Contracts
import FoundationEssentials
import Kernel
import Printing
import SimplyPrint
import Testing

@Suite struct PrintPlanTests {
    private static let identities = Identities.system
    private let order: OrderID = identities.make()
    private let line: LineItemID = identities.make()

    private func copies(_ numbers: ClosedRange<Int>, file: String = "f", profile: String? = nil) -> [WantedCopy] {
        numbers.map { number in
            WantedCopy(
                lineItemID: line, partNumber: 1, copyNumber: number, partName: "Part", simplyPrintFileID: file,
                printProfile: profile)
        }
    }

    private func job(_ number: Int, _ state: PrintJobState, isWithdrawn: Bool = false) -> PrintJob {
        PrintJob(
            id: Self.identities.make(), orderID: order, lineItemID: line, partNumber: 1, copyNumber: number,
            partName: "Part", orderNumber: "#1", simplyPrintFileID: "f", printProfile: nil, state: state,
            isWithdrawn: isWithdrawn)
    }

    @Test func aPlanAddsTheMissingAndTakesBackOnlyWhatHasNotStarted() {
        let existing = [job(1, .done), job(2, .printing), job(3, .queued), job(4, .planned)]
        #expect(PrintPlan(wanted: copies(1...5), existing: existing).missing.map(\.copyNumber) == [5])
        let fewer = PrintPlan(wanted: copies(1...1), existing: existing)
        #expect(fewer.missing.isEmpty)
        #expect(fewer.surplus.map(\.copyNumber) == [3, 4])
        #expect(PrintPlan(wanted: copies(1...4), existing: existing).missing.isEmpty)
    }

    @Test func printedCopiesOfAnyNumberCoverALoweredQuantity() {
        let existing = [job(1, .queued), job(2, .done), job(3, .done)]
        let plan = PrintPlan(wanted: copies(1...1), existing: existing)
        #expect(plan.missing.isEmpty)
        #expect(plan.surplus.map(\.copyNumber) == [1])
    }

    @Test func aCopyPrintedThoughWithdrawnCountsAndItsNumberIsNotUsedAgain() {
        let existing = [job(1, .done), job(2, .done, isWithdrawn: true)]
        let plan = PrintPlan(wanted: copies(1...3), existing: existing)
        #expect(plan.missing.map(\.copyNumber) == [3])
        #expect(PrintPlan(wanted: copies(1...1), existing: existing).surplus.isEmpty)
    }

    @Test(arguments: [PrintJobState.failed, .cancelled])
    func failedPrintsNobodyWantsAnyMoreGoFirst(state: PrintJobState) {
        let existing = [job(1, state), job(2, .queued), job(3, .printing)]
        let plan = PrintPlan(wanted: copies(1...2), existing: existing)
        #expect(plan.surplus.map(\.copyNumber) == [1])
        #expect(plan.missing.isEmpty)
        #expect(
            PrintPlan(wanted: copies(1...3), existing: existing).surplus.isEmpty, "a wanted one waits for a reprint")
    }

    @Test func anotherFileOrProfileReplacesOnlyWhatIsNotAtTheFarm() {
        let states: [PrintJobState] = [
            .planned, .intent, .queued, .assigned, .printing, .done, .failed, .cancelled, .unknown,
        ]
        let existing = zip(1..., states).map { job($0, $1) }
        let plan = PrintPlan(wanted: copies(1...9, file: "new"), existing: existing)
        #expect(plan.outdated.map(\.printJob.state) == [.planned, .intent])
        #expect(plan.outdated.map(\.copy.copyNumber) == [1, 2])
        #expect(plan.outdated.allSatisfy { $0.copy.simplyPrintFileID == "new" })
        #expect(plan.missing.isEmpty && plan.surplus.isEmpty)
        #expect(PrintPlan(wanted: copies(1...9, profile: "fine"), existing: existing).outdated.count == 2)
        #expect(PrintPlan(wanted: copies(1...9), existing: existing).outdated.isEmpty)
    }

    @Test(arguments: [
        (HistoricJob.Status.cancelled, 1, true), (.failed, 1, true), (.cancelled, 0, false), (.failed, 0, false),
        (.finished, 1, false), (.ongoing, 1, false),
    ])
    func anEndedPrintWhoseItemIsBackInTheQueueStillWaits(status: HistoricJob.Status, left: Int, waits: Bool) {
        let ended = HistoricJob(
            id: 5, uid: "u", status: status, queueItemID: 9, customFields: [:], filename: nil, startedAt: nil,
            endedAt: nil, isOutsideSystem: false, printerID: nil, printerName: nil)
        let item = QueueItem(
            id: 9, fileID: nil, note: nil, left: left, printed: 0, customFields: [:], isDone: false)
        let farm = FarmPicture(history: [ended], queue: .init(items: [item]), printers: [], fieldID: nil)
        let attempt = OpenAttempt(
            key: AttemptKey(printJobID: Self.identities.make(), attempt: 1), reference: "r", queueItemID: 9, uid: nil,
            queuedAt: Date(timeIntervalSince1970: 0))
        #expect(farm.sighting(of: attempt).isReturned == waits)
    }
}

extension FarmPicture.Answer {
    fileprivate var isReturned: Bool {
        if case .returned = self { true } else { false }
    }
}
