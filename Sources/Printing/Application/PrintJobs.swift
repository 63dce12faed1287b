package import Contracts
package import Jobs
package import Kernel
import Logging
package import Postgres
package import SimplyPrint

/// The jobs that get copies printed: plan, submit, withdraw.
package struct PrintJobs: Sendable {
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects
    private let orders: any OrdersContract
    private let desk: PrintDesk
    private let effect: QueueItemEffect
    private let client: SimplyPrintClient
    private let identities: Identities

    package init(
        database: Database, outbox: Outbox, effects: Effects, orders: any OrdersContract, desk: PrintDesk,
        effect: QueueItemEffect, client: SimplyPrintClient, identities: Identities
    ) {
        self.database = database
        self.outbox = outbox
        self.effects = effects
        self.orders = orders
        self.desk = desk
        self.effect = effect
        self.client = client
        self.identities = identities
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration("printing.plan", handle: plan),
            JobRegistration("printing.submit", onDeadLetter: complain, handle: submit),
            JobRegistration("printing.withdraw", onDeadLetter: complain, handle: withdraw),
        ]
    }

    /// Compares what the order wants with what there is; plans the missing, takes back the surplus.
    private func plan(_ job: Job) async throws -> Commit {
        let orderID: OrderID = try job.decode(OrderReference.self).orderID
        guard let production = try await orders.production(of: orderID) else { return { _ in } }
        return { transaction in
            guard try await PrintJobStorage.takePlan(version: production.version, of: orderID, in: transaction) else {
                return
            }
            let existing = try await PrintJobStorage.lockAll(of: orderID, in: transaction)
            let plan = PrintPlan(wanted: production.copies, existing: existing)
            let fresh = plan.missing.map { copy -> PrintJob in
                PrintJob(
                    id: identities.make(), orderID: orderID, lineItemID: copy.lineItemID, partNumber: copy.partNumber,
                    copyNumber: copy.copyNumber, partName: copy.partName, orderNumber: production.orderNumber,
                    simplyPrintFileID: copy.simplyPrintFileID, printProfile: copy.printProfile)
            }
            try await PrintJobStorage.insert(fresh, in: transaction)
            for job in fresh { try await planEffect(of: job, in: transaction) }
            for job in plan.surplus { try await takeBack(job, in: transaction) }
        }
    }

    /// Plans the queue item of the current attempt and the job that brings it about.
    package func planEffect(of job: PrintJob, in transaction: Transaction) async throws {
        let note = ReferenceStamp.note(
            orderNumber: job.orderNumber, partName: job.partName, copyNumber: job.copyNumber, reference: job.reference)
        try await effects.plan(
            QueueItemEffect.self, reference: job.reference,
            request: QueueItemEffect.Request(fileID: job.simplyPrintFileID, note: note),
            subject: StreamID(job.orderID.uuid), in: transaction)
        try await outbox.enqueue(
            NewJob(
                "printing.submit", payload: AttemptReference(printJobID: job.id, attempt: job.attempt),
                subject: StreamID(job.orderID.uuid)), in: transaction)
    }

    /// One that was never sent is simply dropped; a sent one is deleted at the farm by a job of its own.
    private func takeBack(_ surplus: PrintJob, in transaction: Transaction) async throws {
        var job = surplus
        job.isWithdrawn = true
        if try await effects.cancelPlanned(reference: job.reference, in: transaction) {
            try await PrintJobStorage.save(job, in: transaction)
            try await desk.apply(.withdrawn, to: &job, in: transaction)
        } else {
            try await PrintJobStorage.save(job, in: transaction)
            try await outbox.enqueue(
                NewJob(
                    "printing.withdraw", payload: AttemptReference(printJobID: job.id, attempt: job.attempt),
                    subject: StreamID(job.orderID.uuid)), in: transaction)
        }
    }

    private func submit(_ job: Job) async throws -> Commit {
        let reference = try job.decode(AttemptReference.self)
        guard let printJob = try await PrintJobReading.job(reference.printJobID, in: database),
            printJob.attempt == reference.attempt
        else { return { _ in } }
        let outcome = try await effects.perform(
            effect, reference: printJob.reference, job: job,
            onSent: observing(.sent, of: reference), onUnknown: observing(.outcomeUnknown, of: reference))
        switch outcome {
        case .cancelled: return observing(.withdrawn, of: reference)
        case .made(let receipt, let record):
            return { transaction in
                try await record(transaction)
                guard var locked = try await PrintJobStorage.lock(reference.printJobID, in: transaction),
                    locked.attempt == reference.attempt
                else { return }
                try await PrintJobStorage.noteQueueItem(receipt.queueItemID, of: locked, in: transaction)
                try await desk.apply(.queued, to: &locked, in: transaction)
            }
        }
    }

    /// Deletes the queue item of a copy that is not wanted any more, unless its print has started.
    private func withdraw(_ job: Job) async throws -> Commit {
        let reference = try job.decode(AttemptReference.self)
        let key = AttemptKey(printJobID: reference.printJobID, attempt: reference.attempt)
        guard let printJob = try await PrintJobReading.job(reference.printJobID, in: database),
            printJob.attempt == reference.attempt, [.planned, .intent, .queued, .unknown].contains(printJob.state)
        else { return { _ in } }
        guard let queueItem = try await PrintJobReading.queueItem(of: key, in: database) else {
            throw JobFailure.notNow(
                "The queue item is not known yet; it is taken back as soon as it is.", retryAfterSeconds: 2)
        }
        // Only what still waits may be deleted: an item whose print has begun belongs to the farm now.
        let waiting = try await client.queueItems(includeDone: false)
        if waiting.contains(where: { $0.id == queueItem && $0.left > 0 }) {
            try await client.deleteQueueItem(queueItem)
            return observing(.withdrawn, of: reference)
        }
        return { transaction in
            try await outbox.enqueue(NewJob(PrintPoll.kind, uniqueKey: PrintPoll.kind.name), in: transaction)
        }
    }

    private func observing(_ observation: PrintObservation, of reference: AttemptReference) -> Commit {
        { transaction in
            guard var job = try await PrintJobStorage.lock(reference.printJobID, in: transaction),
                job.attempt == reference.attempt
            else { return }
            try await desk.apply(observation, to: &job, in: transaction)
        }
    }

    private func complain(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let reference = try? job.decode(AttemptReference.self),
            let printJob = try await PrintJobStorage.lock(reference.printJobID, in: transaction)
        else { return }
        try await desk.complain(
            "print-not-queued", reason,
            action: "Mend the cause (file id, SimplyPrint access), then POST /api/v1/orders/\(printJob.orderID)/retry.",
            about: printJob, in: transaction)
    }
}

/// Payload of a job about one attempt.
package struct AttemptReference: Codable, Hashable, Sendable {
    package let printJobID: PrintJobID
    package let attempt: Int

    package init(printJobID: PrintJobID, attempt: Int) {
        self.printJobID = printJobID
        self.attempt = attempt
    }
}
