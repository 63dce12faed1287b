import Contracts
import FoundationEssentials
package import Inbox
package import Jobs
import Kernel
package import Postgres
import SimplyPrint

/// SimplyPrint's webhooks: a known job is moved on at once; an unknown one, and one that ended without a print, sets off
/// a poll, for the webhook carries no queue item id (contracts §1.2).
package struct FarmWebhook: Sendable {
    private let database: Database
    private let outbox: Outbox
    private let desk: PrintDesk

    package init(database: Database, outbox: Outbox, desk: PrintDesk) {
        self.database = database
        self.outbox = outbox
        self.desk = desk
    }

    package func handle(_ webhook: Webhook) async throws -> Commit {
        let event: SimplyPrintEvent
        do {
            event = try SimplyPrintEvent.decode(webhook.body)
        } catch {
            let reason = (error as? DecodingError)?.sentence ?? "the body is not what it should be"
            throw JobFailure.rejected("The SimplyPrint webhook cannot be read: \(reason).")
        }
        guard let observation = PrintJobMachine.observation(ofEvent: event.name), let farmJob = event.job else {
            return { _ in }
        }
        guard let uid = farmJob.uid, let key = try await PrintJobReading.attempt(uid: uid, in: database) else {
            return { try await outbox.enqueue(PrintPoll.job, in: $0) }
        }
        return { transaction in
            guard var job = try await PrintJobStorage.lock(key.printJobID, in: transaction), job.attempt == key.attempt
            else {
                return
            }
            try await Inbox.file(webhook.id, under: StreamID(job.orderID.uuid), in: transaction)
            try await PrintJobStorage.noteFarmJob(
                jobID: farmJob.id, uid: uid, printerID: farmJob.printerID, printerName: farmJob.printerName,
                observedAt: event.at ?? webhook.receivedAt, attempt: key, in: transaction)
            switch observation {
            case .failed, .cancelledAtFarm:
                // Not yet the end: it may have gone back into the queue, which only the poll can see (contracts §1.2).
                try await outbox.enqueue(PrintPoll.job, in: transaction)
            default: try await desk.apply(observation, of: farmJob.id, to: &job, in: transaction)
            }
        }
    }
}
