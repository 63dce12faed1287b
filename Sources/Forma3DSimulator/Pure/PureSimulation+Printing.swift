import Contracts
import Kernel
import Orders
import Printing

// The halves of Printing's jobs, around the real plan and machine.
extension PureSimulation {
    func production(_ dossier: Dossier) -> Reading {
        guard let order = dossier.order else { return .nothing }
        guard order.isProducing else { return .production(version: order.productionVersion, copies: []) }
        let copies = order.lines.flatMap { line in
            line.wantedCopies.map { key in
                WantedCopy(
                    lineItemID: line.id, partNumber: key.partNumber, copyNumber: key.copyNumber, partName: "Part",
                    simplyPrintFileID: "a", printProfile: nil)
            }
        }
        return .production(version: order.productionVersion, copies: copies)
    }

    mutating func planPrints(_ dossier: Dossier, version: Int64, copies: [WantedCopy]) {
        guard version >= dossier.planVersion else { return }
        dossier.planVersion = version
        let plan = PrintPlan(wanted: copies, existing: dossier.prints.filter { !$0.isWithdrawn || $0.state == .done })
        for surplus in plan.surplus {
            guard let index = dossier.prints.firstIndex(where: { $0.id == surplus.id }) else { continue }
            takeBack(index, dossier)
        }
        for copy in plan.missing {
            dossier.prints.append(
                PrintJob(
                    id: identities.make(), orderID: dossier.order?.id ?? identities.make(),
                    lineItemID: copy.lineItemID, partNumber: copy.partNumber, copyNumber: copy.copyNumber,
                    partName: copy.partName, orderNumber: "#\(dossier.number)", simplyPrintFileID: "a",
                    printProfile: nil))
            planItem(dossier.prints.count - 1, dossier)
        }
    }

    func key(_ print: Int, _ dossier: Dossier) -> EffectKey {
        EffectKey(kind: .queueItem, entity: print, generation: dossier.prints[print].attempt)
    }

    private mutating func planItem(_ print: Int, _ dossier: Dossier) {
        plan(key(print, dossier), dossier)
        enqueue(.submit(print: print, attempt: dossier.prints[print].attempt), dossier)
    }

    private mutating func takeBack(_ print: Int, _ dossier: Dossier) {
        if [.failed, .cancelled].contains(dossier.prints[print].state) || cancelPlanned(key(print, dossier), dossier) {
            return drop(print, dossier)
        }
        dossier.prints[print].isWithdrawn = true
        enqueue(.withdraw(print: print, attempt: dossier.prints[print].attempt), dossier)
    }

    mutating func drop(_ print: Int, _ dossier: Dossier) {
        let job = dossier.prints[print]
        dossier.prints[print].isWithdrawn = true
        guard [.failed, .cancelled].contains(job.state) else { return apply(.withdrawn, of: nil, to: print, dossier) }
        if !job.isWithdrawn { say(.cancelled, print, dossier) }
    }

    /// As `PrintDesk`: the machine, then what follows from it.
    mutating func apply(_ observation: PrintObservation, of farmJob: Int64?, to print: Int, _ dossier: Dossier) {
        let before = dossier.prints[print]
        let life = PrintJobMachine.after(
            observation, of: farmJob, in: .init(state: before.state, farmJobID: before.farmJobID))
        dossier.prints[print].state = life.state
        dossier.prints[print].farmJobID = life.farmJobID
        guard life.state != before.state else { return }
        if before.state == .done, observation != .markedBad { fail("a finished print was taken back", dossier) }
        switch (life.state, observation) {
        case (.queued, .returned): break
        case (.queued, _): append(PrintJobCreated.name, dossier, [.noteCreated])
        case (.done, _):
            say(.printed, print, dossier)
            if random.isTrue(World.printIsBad) {
                agenda.add(.human(dossier, .markBad(print)), at: now + random.within(World.humanSeconds))
            }
        case (.failed, _), (.cancelled, _):
            guard !before.isWithdrawn, observation != .withdrawn else { return say(.cancelled, print, dossier) }
            say(.failed, print, dossier)
            agenda.add(
                .human(dossier, .reprint(print, attempt: before.attempt)), at: now + random.within(World.humanSeconds))
        default: break
        }
    }

    private mutating func say(_ outcome: Order.PrintFact.Outcome, _ print: Int, _ dossier: Dossier) {
        let job = dossier.prints[print]
        let isTold = outcome == .printed || outcome == .bad
        let copy = Order.PrintFact.Copy(
            lineItemID: job.lineItemID, key: .init(partNumber: job.partNumber, copyNumber: job.copyNumber))
        append(
            "print \(print)-\(job.attempt) \(outcome)", dossier,
            [.note(print: print, .init(attempt: job.attempt, outcome: outcome, copy: isTold ? copy : nil))])
    }

    // MARK: Halves

    mutating func submit(_ id: Int, _ job: SimulatedJob, _ dossier: Dossier, _ print: Int, _ attempt: Int) {
        guard dossier.prints[print].attempt == attempt else { return finish(id, job.fence, .nothing) }
        if dossier.prints[print].isWithdrawn, cancelPlanned(key(print, dossier), dossier) {
            drop(print, dossier)
            return finish(id, job.fence, .nothing)
        }
        // A failed print that somebody put back would be printed beside its reprint.
        for earlier in 1..<max(attempt, 1) {
            let old = EffectKey(kind: .queueItem, entity: print, generation: earlier)
            if let item = dossier.recordedItems[old], item.state == .waiting { item.state = .deleted }
        }
        perform(id, job, dossier, key(print, dossier))
    }

    mutating func submitted(_ key: EffectKey, vendorID: Int, _ dossier: Dossier) {
        guard let item = dossier.items[key]?.first(where: { $0.id == vendorID }),
            dossier.prints[key.entity].attempt == key.generation
        else { return }
        dossier.recordedItems[key] = item
        if item.state != .waiting { markDirty(item) }
        apply(.queued, of: nil, to: key.entity, dossier)
    }

    mutating func withdraw(_ id: Int, _ job: SimulatedJob, _ dossier: Dossier, _ print: Int, _ attempt: Int) {
        let known = dossier.prints[print]
        guard known.attempt == attempt, [.planned, .intent, .queued, .unknown].contains(known.state) else {
            return finish(id, job.fence, .nothing)
        }
        guard let item = dossier.recordedItems[key(print, dossier)] else {
            guard cancelPlanned(key(print, dossier), dossier) else { return notNow(id, job.fence, retryAfter: 2) }
            drop(print, dossier)
            return finish(id, job.fence, .nothing)
        }
        if isAway(.queueItem) { return notNow(id, job.fence, retryAfter: nil) }
        let isDeleted = item.state == .waiting
        if isDeleted {
            item.state = .deleted
            changed(item)
        }
        finish(id, job.fence, .withdrawn(isDeleted: isDeleted, job: known.farmJobID ?? 0))
    }

    mutating func hear(_ item: FarmItem, _ job: Int64, _ observation: PrintObservation, _ dossier: Dossier) {
        let print = item.key.entity
        guard dossier.prints[print].attempt == item.key.generation else { return }
        if observation == .finished { dossier.countedPrints += 1 }
        // Not the end yet, or a job that we do not know: only the poll can see.
        guard item.knownJob == job, [.started, .finished].contains(observation) else { return schedulePoll() }
        apply(observation, of: job, to: print, dossier)
    }

    func pollFarm() -> Reading {
        .farm(
            dirty.compactMap { item in
                guard item.dossier.recordedItems[item.key] === item else { return nil }
                let observation: PrintObservation? =
                    switch item.state {
                    case .waiting: item.isReturned ? .returned : nil
                    case .printing: .started
                    case .finished: .finished
                    case .failed: .failed
                    case .cancelled: .cancelledAtFarm
                    case .deleted: .vanished
                    }
                return observation.map { (item, item.changes, $0, item.job) }
            })
    }

    mutating func polled(_ seen: [(item: FarmItem, changes: Int, observation: PrintObservation, job: Int64)]) {
        for (item, changes, observation, job) in seen {
            item.knownJob = max(item.knownJob, job)
            if item.changes == changes { item.isDirty = false }
            let print = item.key.entity
            guard item.dossier.prints[print].attempt == item.key.generation else { continue }
            apply(observation, of: job, to: print, item.dossier)
        }
        // What is not ours is no poll's business; it becomes so when it is recorded.
        for item in dirty where item.dossier.recordedItems[item.key] !== item { item.isDirty = false }
        dirty.removeAll { !$0.isDirty }
        if !dirty.isEmpty { schedulePoll() }
    }

    // MARK: Operators

    mutating func printAgain(_ print: Int, _ dossier: Dossier) {
        counts.reprints += 1
        say(.wanted, print, dossier)
        planItem(print, dossier)
    }

    mutating func markBad(_ print: Int, _ dossier: Dossier) {
        guard dossier.prints[print].state == .done else { return }
        say(.bad, print, dossier)
        dossier.prints[print].attempt += 1
        apply(.markedBad, of: nil, to: print, dossier)
        if dossier.prints[print].isWithdrawn { drop(print, dossier) } else { printAgain(print, dossier) }
    }
}
