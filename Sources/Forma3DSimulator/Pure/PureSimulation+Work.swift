import Printing
import FoundationEssentials
import Contracts
import Fulfilment
import Kernel
import Orders
import Shipping

// Which job does what: first half, second half. Shipping and Fulfilment around the real machines and plan.
extension PureSimulation {
    mutating func work(_ id: Int, _ job: SimulatedJob) {
        guard let dossier = job.dossier else {
            return isAway(.queueItem) ? notNow(id, job.fence, retryAfter: nil) : finish(id, job.fence, pollFarm())
        }
        switch job.kind {
        case .planPrints: finish(id, job.fence, production(dossier))
        case .submit(let print, let attempt): submit(id, job, dossier, print, attempt)
        case .withdraw(let print, let attempt): withdraw(id, job, dossier, print, attempt)
        case .createParcel(let generation):
            guard let shipment = dossier.shipment, shipment.generation == generation else {
                return finish(id, job.fence, .nothing)
            }
            if !isParcelWanted(dossier), takeLabelBack(dossier) { return finish(id, job.fence, .nothing) }
            perform(id, job, dossier, EffectKey(kind: .parcel, entity: 0, generation: generation))
        case .fetchLabel:
            if isAway(.parcel) { return notNow(id, job.fence, retryAfter: 2) }
            finish(id, job.fence, .nothing)
        case .planFulfilment: planFulfilment(id, job, dossier)
        case .createFulfilment(let generation):
            perform(id, job, dossier, EffectKey(kind: .fulfilment, entity: 0, generation: generation))
        case .takePayload, .takeDeletion, .note, .noteCreated, .noteShipment, .noteFulfilled, .mapLines, .hearFarm,
            .hearCarrier, .poll, .planShipment:
            finish(id, job.fence, .nothing)
        }
    }

    mutating func secondHalf(_ job: SimulatedJob, _ reading: Reading) {
        guard let dossier = job.dossier else {
            if case .farm(let seen) = reading { polled(seen) }
            return
        }
        let date = date
        switch (job.kind, reading) {
        case (.takePayload(let index), _): takePayload(index, dossier)
        case (.takeDeletion, _): takeDeletion(dossier)
        case (.note(let print, let fact), _): note(print, fact, dossier)
        case (.noteCreated, _): change(dossier) { $0.productionStartedAt = $0.productionStartedAt ?? date }
        case (.noteShipment, _): change(dossier) { $0.shippedAt = $0.shippedAt ?? date }
        case (.noteFulfilled, _): change(dossier) { $0.fulfilledAt = $0.fulfilledAt ?? date }
        case (.mapLines, _): mapLines(dossier)
        case (.hearFarm(let item, let farmJob, let observation), _): hear(item, farmJob, observation, dossier)
        case (.hearCarrier(let observation, let at), _):
            dossier.shipment?.take(observation, at: World.start.addingTimeInterval(at))
        case (.planPrints, .production(let version, let copies)):
            planPrints(dossier, version: version, copies: copies)
        case (.withdraw(let print, let attempt), .withdrawn(let isDeleted, let farmJob)):
            guard dossier.prints[print].attempt == attempt else { return }
            if isDeleted { apply(.withdrawn, of: farmJob, to: print, dossier) } else { schedulePoll() }
        case (.planShipment, _): planShipment(dossier)
        case (.fetchLabel(let generation), _): storeLabel(generation, dossier)
        case (.planFulfilment, .fulfilment(let plan)): planned(plan, dossier)
        case (_, .made(let key, let vendorID, let state)):
            guard record(key, vendorID: vendorID, from: state, job.fence, dossier) else { return }
            made(key, vendorID: vendorID, dossier)
        case (.submit(let print, let attempt), .cancelled):
            guard dossier.prints[print].attempt == attempt else { return }
            apply(.withdrawn, of: nil, to: print, dossier)
        case (.createFulfilment(let generation), .cancelled(let key)):
            // Refused as stale: what is left of the order is planned anew.
            guard dossier.fulfilment?.generation == generation, cancelPlanned(key, dossier) else { return }
            dossier.fulfilment = nil
            dossier.isPlanComplete = false
            enqueue(.planFulfilment, dossier, delaySeconds: 5)
        default: break
        }
    }

    private mutating func made(_ key: EffectKey, vendorID: Int, _ dossier: Dossier) {
        switch key.kind {
        case .queueItem: submitted(key, vendorID: vendorID, dossier)
        case .parcel:
            guard dossier.shipment?.generation == key.generation, dossier.shipment?.parcelID == nil else { return }
            dossier.shipment?.parcelID = Int64(vendorID)
            dossier.shipment?.take(.parcelCreated)
            enqueue(.fetchLabel(generation: key.generation), dossier)
        case .fulfilment:
            guard var fulfilment = dossier.fulfilment, !fulfilment.isMade else { return }
            fulfilment.shopifyFulfillmentID = Int64(vendorID)
            fulfilment.state = FulfilmentMachine.after(.made(withTracking: true), in: fulfilment.state)
            dossier.fulfilment = fulfilment
            append(FulfillmentCreated.name, dossier, [])
            sayFulfilled(dossier)
        }
    }

    // MARK: Shipping

    private func isParcelWanted(_ dossier: Dossier) -> Bool {
        guard let order = dossier.order, order.readyAt != nil, order.isOwed else { return false }
        return order.lines.contains { $0.isToBeMade && $0.isPrinted }
    }

    private mutating func takeLabelBack(_ dossier: Dossier) -> Bool {
        guard let shipment = dossier.shipment else { return true }
        let key = EffectKey(kind: .parcel, entity: 0, generation: shipment.generation)
        guard shipment.mayBeUnsent, cancelPlanned(key, dossier) else { return false }
        dossier.shipment?.state = .cancelled
        return true
    }

    private mutating func planShipment(_ dossier: Dossier) {
        guard isParcelWanted(dossier) else {
            _ = takeLabelBack(dossier)
            return
        }
        if let shipment = dossier.shipment {
            let key = EffectKey(kind: .parcel, entity: 0, generation: shipment.generation)
            guard shipment.mayBeUnsent, shipment.state == .cancelled, cancelPlanned(key, dossier) else { return }
            dossier.shipment?.generation += 1
            dossier.shipment?.state = .planned
        } else {
            dossier.shipment = Shipment(
                id: identities.make(), orderID: dossier.order?.id ?? identities.make(), weightGrams: 120)
        }
        guard let generation = dossier.shipment?.generation else { return }
        plan(EffectKey(kind: .parcel, entity: 0, generation: generation), dossier)
        enqueue(.createParcel(generation: generation), dossier)
    }

    private mutating func storeLabel(_ generation: Int, _ dossier: Dossier) {
        guard var shipment = dossier.shipment, shipment.generation == generation, shipment.labelDigest == nil else {
            return
        }
        shipment.labelDigest = "label"
        shipment.trackingNumber = "T\(dossier.number)-\(generation)"
        shipment.take(.labelStored)
        dossier.shipment = shipment
        append(ShipmentCreated.name, dossier, [.noteShipment, .planFulfilment])
        carry(dossier)
    }

    // MARK: Fulfilment

    private mutating func planFulfilment(_ id: Int, _ job: SimulatedJob, _ dossier: Dossier) {
        guard let order = dossier.order, order.readyAt != nil, order.cancelledAt == nil, !dossier.isPlanComplete,
            let shipment = dossier.shipment,
            [.labelReady, .handedOver, .delivered, .exception].contains(shipment.state)
        else { return finish(id, job.fence, .nothing) }
        let lines = order.lines.filter { $0.isToBeMade && $0.isPrinted }
        let quantities = Dictionary(
            lines.map { ($0.shopifyLineItemID, $0.currentQuantity) }, uniquingKeysWith: { first, _ in first })
        guard quantities.isEmpty || order.isOwed else { return finish(id, job.fence, .nothing) }
        if isAway(.fulfilment) { return notNow(id, job.fence, retryAfter: nil) }
        let view = FulfilmentOrderView(
            shopifyOrderID: order.shopifyOrderID, orderNumber: order.orderNumber, isReady: true, isCancelled: false,
            isWanted: order.isOwed && !quantities.isEmpty, quantities: quantities)
        switch FulfilmentPlan(for: view, in: fulfilmentState(dossier)) {
        case .calls: finish(id, job.fence, .fulfilment(.calls(quantities)))
        case .alreadyFulfilled: finish(id, job.fence, .fulfilment(.alreadyFulfilled))
        case .nothingLeft: finish(id, job.fence, .fulfilment(.nothingLeft))
        case .notThereYet: notNow(id, job.fence, retryAfter: 5)
        case .notFulfillable: notNow(id, job.fence, retryAfter: 300)
        }
    }

    private mutating func planned(_ plan: FulfilmentReading, _ dossier: Dossier) {
        guard !dossier.isPlanComplete else { return }
        switch plan {
        case .nothingLeft: return
        case .calls:
            dossier.fulfilments += 1
            var fulfilment = Fulfilment(
                id: identities.make(), orderID: dossier.order?.id ?? identities.make(), locationID: 1)
            fulfilment.generation = dossier.fulfilments
            fulfilment.trackingNumber = dossier.shipment?.trackingNumber
            fulfilment.notifiesCustomer = true
            dossier.fulfilment = fulfilment
            let key = EffectKey(kind: .fulfilment, entity: 0, generation: dossier.fulfilments)
            self.plan(key, dossier)
            enqueue(.createFulfilment(generation: dossier.fulfilments), dossier)
        case .alreadyFulfilled: break
        }
        dossier.isPlanComplete = true
        sayFulfilled(dossier)
    }

    private mutating func sayFulfilled(_ dossier: Dossier) {
        guard dossier.isPlanComplete, !dossier.isSaidFulfilled, dossier.fulfilment?.isMade ?? true else { return }
        dossier.isSaidFulfilled = true
        append(OrderFulfilled.name, dossier, [.noteFulfilled])
    }

    // MARK: Operators

    mutating func humanDoes(_ act: HumanAct, _ dossier: Dossier) {
        switch act {
        case .map:
            dossier.isMapped = true
            enqueue(.mapLines, dossier)
        case .reprint(let print, let attempt):
            let job = dossier.prints[print]
            guard job.attempt == attempt, !job.isWithdrawn, [.failed, .cancelled].contains(job.state) else { return }
            dossier.prints[print].attempt += 1
            apply(.retryRequested, of: nil, to: print, dossier)
            printAgain(print, dossier)
        case .markBad(let print): markBad(print, dossier)
        case .retry(let id):
            guard var job = jobs[id], job.state == .dead else { return }
            job.state = .ready
            job.wrongCount = 0
            job.notNowCount = 0
            job.firstNotNowAt = nil
            jobs[id] = job
            agenda.add(.claim(id), at: now)
        }
    }
}
