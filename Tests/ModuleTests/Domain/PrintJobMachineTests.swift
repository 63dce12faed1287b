import Contracts
import Kernel
import Printing
import Testing

@Suite struct PrintJobMachineTests {
    static let farm: [PrintObservation] = [.queued, .assigned, .started, .finished]

    @Test func everyOrderAndRepetitionOfTheFarmsWordsEndsInDone() {
        for permutation in [0, 1, 2, 3].permutations {
            var state = PrintJobState.intent
            for index in permutation + permutation { state = PrintJobMachine.after(Self.farm[index], in: state) }
            #expect(state == .done)
        }
    }

    @Test(arguments: [
        PrintObservation.sent, .outcomeUnknown, .queued, .assigned, .started, .finished, .failed, .cancelledAtFarm,
        .vanished,
        .withdrawn, .retryRequested,
    ])
    func doneIsFinal(observation: PrintObservation) {
        #expect(PrintJobMachine.after(observation, in: .done) == .done)
    }

    @Test(arguments: [
        (PrintJobState.printing, PrintObservation.queued, PrintJobState.printing), (.printing, .withdrawn, .printing),
        (.queued, .withdrawn, .cancelled), (.planned, .withdrawn, .cancelled), (.failed, .started, .failed),
        (.failed, .retryRequested, .planned), (.cancelled, .retryRequested, .planned),
        (.queued, .retryRequested, .queued),
        (.failed, .finished, .done), (.queued, .outcomeUnknown, .queued), (.unknown, .queued, .queued),
        (.intent, .outcomeUnknown, .unknown), (.unknown, .sent, .intent), (.printing, .vanished, .cancelled),
        (.printing, .returned, .queued), (.done, .returned, .done), (.intent, .returned, .intent),
    ])
    func table(state: PrintJobState, observation: PrintObservation, expected: PrintJobState) {
        #expect(PrintJobMachine.after(observation, in: state) == expected)
    }

    /// ADR-019's table, with the events that must say nothing.
    @Test(arguments: [
        ("job.started", PrintObservation.started), ("job.done", .finished), ("job.failed", .failed),
        ("job.cancelled", .cancelledAtFarm), ("job.paused", .started), ("job.resumed", .started),
    ])
    func webhookEventsMapAsADR019(name: String, expected: PrintObservation) {
        #expect(PrintJobMachine.observation(ofEvent: name) == expected)
    }

    @Test(arguments: [
        "printer.material_changed", "job.status_changed", "queue.add_item", "maintenance.job_overdue", "",
    ])
    func otherEventsSayNothing(name: String) {
        #expect(PrintJobMachine.observation(ofEvent: name) == nil)
    }

    @Test func theReferenceIsFoundInTheFieldOrAtTheEndOfTheNote() {
        let note = ReferenceStamp.note(orderNumber: "#1001", partName: "Lid [v2]", copyNumber: 3, reference: "abc-1")
        #expect(ReferenceStamp.reference(in: [:], note: note, fieldID: nil) == "abc-1")
        #expect(ReferenceStamp.reference(in: ["f1": "xyz-2"], note: note, fieldID: "f1") == "xyz-2")
        #expect(ReferenceStamp.reference(in: [:], note: "printed by hand", fieldID: "f1") == nil)
    }
}
