import Contracts
import Foundation
import Jobs
import Printing
import Shipping
import Shopify

// What the farm, the carrier and the shop do with what they are asked for.
extension PureSimulation {
    /// Outages come by the clock, each vendor's at its own time.
    func isAway(_ kind: EffectKey.Kind) -> Bool {
        let offset =
            switch kind {
            case .queueItem: 0.0
            case .parcel: 100_000.0
            case .fulfilment: 200_000.0
            }
        return (now + offset).truncatingRemainder(dividingBy: World.outageEverySeconds) < World.outageSeconds
    }

    /// A request that reached the vendor takes effect, whoever still waits for its answer.
    mutating func arrive(_ dossier: Dossier, _ key: EffectKey, notifies: Bool) -> Answer {
        vendorIDs += 1
        let visibleAt = now + random.between(0, World.lagSeconds)
        switch key.kind {
        case .queueItem:
            let item = FarmItem(id: vendorIDs, key: key, dossier: dossier, visibleAt: visibleAt)
            dossier.items[key, default: []].append(item)
            requireOne(dossier.items[key]?.count { $0.isAlive } ?? 0, "queue item", key, dossier)
            agenda.add(.farmStarts(item), at: now + random.within(World.startSeconds))
        case .parcel:
            dossier.parcels[key, default: []].append(Parcel(id: vendorIDs, visibleAt: visibleAt))
            requireOne(dossier.parcels[key]?.count { $0.isAlive } ?? 0, "living parcel", key, dossier)
        case .fulfilment:
            // Shopify refuses what has no remaining quantity (contracts §2.4).
            guard dossier.shopFulfilments.isEmpty, !dossier.isCancelledInShop else { return .conflict }
            let lines = Dictionary(
                dossier.truth.lineItems.map { ($0.id, $0.currentQuantity) }, uniquingKeysWith: { first, _ in first })
            dossier.shopFulfilments.append(
                ShopFulfilment(id: vendorIDs, key: key, visibleAt: now, lines: lines))
            if notifies { dossier.mails += 1 }
            if dossier.mails > 1 { fail("the customer was mailed twice", dossier) }
            dossier.truth.fulfillmentStatus = "fulfilled"
            revise(dossier)
        }
        dossier.note("\(key.kind) \(key.entity)-\(key.generation) takes effect as \(vendorIDs)", at: now)
        return .made(vendorIDs)
    }

    private mutating func requireOne(_ count: Int, _ what: String, _ key: EffectKey, _ dossier: Dossier) {
        guard count > 1, dossier.effects[key]?.mayBeTwice != true else { return }
        fail("more than one \(what) under one reference", dossier)
    }

    /// Everything that a look-up shows at this moment.
    func found(_ key: EffectKey, _ dossier: Dossier) -> [FoundEffect<Int>] {
        func effect(_ id: Int, _ isAlive: Bool) -> FoundEffect<Int> {
            FoundEffect(receipt: id, vendorID: String(id), isAlive: isAlive, isSameContent: true)
        }
        return switch key.kind {
        case .queueItem:
            (dossier.items[key] ?? []).filter { $0.visibleAt <= now }.map { effect($0.id, $0.isAlive) }
        case .parcel: (dossier.parcels[key] ?? []).filter { $0.visibleAt <= now }.map { effect($0.id, $0.isAlive) }
        case .fulfilment: dossier.shopFulfilments.filter { $0.key == key }.map { effect($0.id, true) }
        }
    }

    mutating func cancel(_ ids: [Int], _ key: EffectKey, _ dossier: Dossier) {
        counts.extrasCancelled += ids.count
        for item in dossier.items[key] ?? [] where ids.contains(item.id) && item.state == .waiting {
            item.state = .deleted
        }
        for parcel in dossier.parcels[key] ?? [] where ids.contains(parcel.id) { parcel.isAlive = false }
    }

    // MARK: The farm

    mutating func startPrint(_ item: FarmItem) {
        guard item.state == .waiting else { return }
        farmJobs += 1
        item.job = farmJobs
        item.state = .printing
        item.isReturned = false
        changed(item)
        tell(.started, item)
        agenda.add(.farmEnds(item, job: item.job), at: now + random.within(World.printSeconds))
    }

    mutating func endPrint(_ item: FarmItem, _ job: Int64) {
        guard item.state == .printing, item.job == job else { return }
        let luck = random.fraction()
        if luck < World.printFails {
            item.state = .failed
            tell(.failed, item)
        } else if luck < World.printFails + World.printCancelled {
            item.state = .cancelled
            tell(.cancelledAtFarm, item)
        } else if luck < World.printFails + World.printCancelled + World.printReturned {
            item.state = .waiting
            item.isReturned = true
            tell(.cancelledAtFarm, item)
            agenda.add(.farmStarts(item), at: now + random.within(World.startSeconds))
        } else {
            item.state = .finished
            counts.prints += 1
            let done = item.dossier.items[item.key]?.count { $0.state == .finished } ?? 0
            if done > 1 { fail("one attempt was printed twice", item.dossier) }
            tell(.finished, item)
        }
        changed(item)
    }

    mutating func changed(_ item: FarmItem) {
        item.changes += 1
        markDirty(item)
    }

    mutating func markDirty(_ item: FarmItem) {
        if !item.isDirty {
            item.isDirty = true
            dirty.append(item)
        }
        schedulePoll()
    }

    /// Polls come every 30 seconds; those that would find nothing new are left out.
    mutating func schedulePoll() {
        guard !isPollDue else { return }
        isPollDue = true
        agenda.add(.poll, at: ((now / World.pollSeconds).rounded(.down) + 1) * World.pollSeconds)
    }

    /// The farm's webhook has no delivery id and is not sent again: a lost one is found by the poll.
    private mutating func tell(_ observation: PrintObservation, _ item: FarmItem) {
        guard !random.isTrue(World.lostWebhook) else { return }
        for at in deliveries(isLostEver: false) {
            let seconds = at - now
            enqueue(.hearFarm(item, job: item.job, observation), item.dossier, delaySeconds: seconds)
        }
    }

    // MARK: The carrier

    mutating func carry(_ dossier: Dossier) {
        var at = now + random.between(3_600, 86_400)
        var words: [(ShipmentObservation, Double)] = [(.inTransit, at)]
        if random.isTrue(0.05) {
            at += random.between(600, 20_000)
            words.append((.problem, at))
            at += random.between(600, 20_000)
            words.append((.inTransit, at))
        }
        words.append((.delivered, at + random.between(20_000, 200_000)))
        for (word, at) in words {
            dossier.carrierWords.append((word, at))
            for delivery in deliveries(isLostEver: false) {
                agenda.add(.carrier(dossier, word, at: at), at: at + delivery - now)
            }
        }
    }

    // MARK: The shop

    /// What Shopify says about the order's fulfilment now.
    func fulfilmentState(_ dossier: Dossier) -> OrderFulfilmentState {
        let isFulfilled = !dossier.shopFulfilments.isEmpty
        let isClosed = isFulfilled || dossier.isCancelledInShop
        let lines = dossier.truth.lineItems.filter { $0.currentQuantity > 0 }.map { line in
            OrderFulfilmentState.Line(
                id: line.id, lineItemID: line.id, totalQuantity: line.currentQuantity,
                remainingQuantity: isClosed ? 0 : line.currentQuantity)
        }
        return OrderFulfilmentState(
            orderID: dossier.truth.id, name: dossier.truth.name, isCancelled: dossier.isCancelledInShop,
            displayFulfillmentStatus: isFulfilled ? "FULFILLED" : "UNFULFILLED", fulfilments: [],
            fulfilmentOrders: [
                .init(
                    id: dossier.truth.id, status: isClosed ? "CLOSED" : "OPEN",
                    supportedActions: isClosed ? [] : ["CREATE_FULFILLMENT"], locationID: 1, methodType: nil,
                    lines: lines)
            ])
    }
}
