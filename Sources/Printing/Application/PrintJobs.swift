package import Contracts
package import Jobs
package import Kernel
import Logging
package import Postgres

/// The jobs that get copies printed: plan, submit, withdraw.
package struct PrintJobs: Sendable {
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects
    private let orders: any OrdersContract
    private let desk: PrintDesk
    private let effect: QueueItemEffect
    private let removal: QueueItemRemoval
    private let identities: Identities

    package init(
        database: Database, outbox: Outbox, effects: Effects, orders: any OrdersContract, desk: PrintDesk,
        effect: QueueItemEffect, removal: QueueItemRemoval, identities: Identities
    ) {
        self.database = database
        self.outbox = outbox
        self.effects = effects
        self.orders = orders
        self.desk = desk
        self.effect = effect
        self.removal = removal
        self.identities = identities
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration("printing.plan", handle: plan),
            JobRegistration(
                "printing.submit", vendor: "simplyprint", category: .printJobCreation, onDeadLetter: complain,
                handle: submit),
            JobRegistration(
                "printing.withdraw", vendor: "simplyprint", category: .cancellation, onDeadLetter: complain,
                handle: withdraw),
        ]
    }

    /// Compares what the order wants with what there is; plans the missing, takes back the surplus.
    private func plan(_ job: Job) async throws -> Commit? {
        let orderID: OrderID = try job.decode(OrderReference.self).orderID
        guard let production = try await orders.production(of: orderID) else { return nil }
        return { transaction in
            guard try await PrintJobStorage.takePlan(version: production.version, of: orderID, in: transaction) else {
                return
            }
            let existing = try await PrintJobStorage.lockAll(of: orderID, in: transaction)
            let plan = PrintPlan(wanted: production.copies, existing: existing)
            for job in plan.surplus { try await takeBack(job, in: transaction) }
            let replaced = try await dropOutdated(plan.outdated, in: transaction)
            let fresh = (plan.missing + replaced).map { copy -> PrintJob in
                PrintJob(
                    id: identities.make(), orderID: orderID, lineItemID: copy.lineItemID, partNumber: copy.partNumber,
                    copyNumber: copy.copyNumber, partName: copy.partName, orderNumber: production.orderNumber,
                    simplyPrintFileID: copy.simplyPrintFileID, printProfile: copy.printProfile)
            }
            try await PrintJobStorage.insert(fresh, in: transaction)
            for job in fresh { try await planEffect(of: job, in: transaction) }
        }
    }

    /// Drops what was made from a mapping that has changed since; gives the copies that take its place. One that may be
    /// at the farm already stays.
    private func dropOutdated(
        _ outdated: [PrintPlan.Replacement], in transaction: Transaction
    ) async throws -> [WantedCopy] {
        var copies: [WantedCopy] = []
        for replacement in outdated {
            let reference = replacement.printJob.reference
            guard try await effects.cancelPlanned(reference: reference, in: transaction) else { continue }
            var job = replacement.printJob
            try await desk.drop(&job, in: transaction)
            copies.append(replacement.copy)
        }
        return copies
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

    /// One that was never sent, or failed, is simply dropped; a sent one is deleted at the farm by a job of its own.
    private func takeBack(_ surplus: PrintJob, in transaction: Transaction) async throws {
        var job = surplus
        let isOver = [.failed, .cancelled].contains(job.state)
        if isOver {
            try await desk.drop(&job, in: transaction)
        } else if try await effects.cancelPlanned(reference: job.reference, in: transaction) {
            try await desk.drop(&job, in: transaction)
        } else {
            job.isWithdrawn = true
            job.problem = nil
            try await PrintJobStorage.save(&job, in: transaction)
            try await outbox.enqueue(
                NewJob(
                    "printing.withdraw", payload: AttemptReference(printJobID: job.id, attempt: job.attempt),
                    subject: StreamID(job.orderID.uuid)), in: transaction)
        }
    }

    private func submit(_ job: Job) async throws -> Commit? {
        let reference = try job.decode(AttemptReference.self)
        guard let printJob = try await PrintJobReading.job(reference.printJobID, in: database),
            printJob.attempt == reference.attempt
        else { return nil }
        if printJob.isWithdrawn, try await dropIfPlanned(reference) { return nil }
        // Asked for before the lease is renewed for the one call that counts.
        try await effect.prepare()
        if printJob.attempt > 1 { try await removeEarlierItems(of: printJob, job) }
        let outcome = try await effects.perform(
            effect, reference: printJob.reference, job: job,
            onSent: observing(.sent, of: reference), onUnknown: observing(.outcomeUnknown, of: reference))
        switch outcome {
        case .cancelled: return observing(.withdrawn, of: reference)
        case .made(let receipt, let record):
            return { transaction in
                // The print job before its effect, everywhere: who takes back a print locks them in that order.
                let locked = try await PrintJobStorage.lock(reference.printJobID, in: transaction)
                try await record(transaction)
                guard var locked, locked.attempt == reference.attempt else { return }
                try await PrintJobStorage.noteQueueItem(receipt.queueItemID, of: locked, in: transaction)
                try await desk.apply(.queued, to: &locked, in: transaction)
            }
        }
    }

    /// Deletes the queue item of a copy that is not wanted any more, unless its print has started.
    private func withdraw(_ job: Job) async throws -> Commit? {
        let reference = try job.decode(AttemptReference.self)
        let key = AttemptKey(printJobID: reference.printJobID, attempt: reference.attempt)
        guard let printJob = try await PrintJobReading.job(reference.printJobID, in: database),
            printJob.attempt == reference.attempt, [.planned, .intent, .queued, .unknown].contains(printJob.state)
        else { return nil }
        guard let queueItem = try await PrintJobReading.queueItem(of: key, in: database) else {
            // Its submission may have given up before anything was sent.
            if try await dropIfPlanned(reference) { return nil }
            throw JobFailure.notNow(
                "The queue item is not known yet; it is taken back as soon as it is.", retryAfterSeconds: 2)
        }
        let outcome = try await remove(queueItem, for: printJob, job)
        guard case .made(let receipt, let record) = outcome else { return nil }
        return { transaction in
            let locked = try await PrintJobStorage.lock(reference.printJobID, in: transaction)
            try await record(transaction)
            guard var locked, locked.attempt == reference.attempt else { return }
            switch receipt.outcome {
            // It waited: a job that was known by then had ended, and a newer one speaks against it.
            case .removed:
                try await desk.apply(.withdrawn, of: printJob.farmJobID ?? 0, to: &locked, in: transaction)
            // An item whose print has begun belongs to the farm now.
            case .started: try await outbox.enqueue(PrintPoll.job, in: transaction)
            }
        }
    }

    /// Somebody may have put the print of an earlier attempt back: with this one, it would be printed twice.
    private func removeEarlierItems(of printJob: PrintJob, _ job: Job) async throws {
        let key = AttemptKey(printJobID: printJob.id, attempt: printJob.attempt)
        let earlier = try await PrintJobReading.queueItems(before: key, in: database)
        guard !earlier.isEmpty else { return }
        // A removal that broke off before is settled as well.
        let open = try await effects.unsettled(about: StreamID(printJob.orderID.uuid))
            .filter { $0.kind == QueueItemRemoval.kind && $0.reference.hasPrefix("\(printJob.reference)-") }
            .compactMap { QueueItemRemoval.item(in: $0.reference) }
        for item in try await removal.waiting(among: earlier).union(open).sorted() {
            if case .made(_, let record) = try await remove(item, for: printJob, job) {
                try await database.transaction { try await record($0) }
            }
        }
    }

    private func remove(
        _ item: Int64, for printJob: PrintJob, _ job: Job
    ) async throws -> EffectOutcome<QueueItemRemoval.Receipt> {
        let reference = QueueItemRemoval.reference(of: printJob.reference, item: item)
        try await database.transaction { transaction in
            try await effects.plan(
                QueueItemRemoval.self, reference: reference, request: .init(queueItemID: item),
                subject: StreamID(printJob.orderID.uuid), in: transaction)
        }
        return try await effects.perform(removal, reference: reference, job: job)
    }

    /// Takes back what was never sent; false when it may be at the farm.
    private func dropIfPlanned(_ reference: AttemptReference) async throws -> Bool {
        try await database.transaction { transaction in
            guard var job = try await PrintJobStorage.lock(reference.printJobID, in: transaction),
                job.isWithdrawn, job.attempt == reference.attempt,
                try await effects.cancelPlanned(reference: job.reference, in: transaction)
            else { return false }
            try await desk.drop(&job, in: transaction)
            return true
        }
    }

    private func observing(
        _ observation: PrintObservation, byFarmJob farmJobID: Int64? = nil, of reference: AttemptReference
    ) -> Commit {
        { transaction in
            guard var job = try await PrintJobStorage.lock(reference.printJobID, in: transaction),
                job.attempt == reference.attempt
            else { return }
            try await desk.apply(observation, of: farmJobID, to: &job, in: transaction)
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
        // A mapping that was mended while the old file was on its way is only now seen to be another one.
        try await outbox.enqueue(
            NewJob(
                "printing.plan", payload: OrderReference(orderID: printJob.orderID),
                subject: StreamID(printJob.orderID.uuid)), in: transaction)
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
