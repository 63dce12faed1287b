import Shopify
import Contracts
import Foundation
import Orders

// Buyers and the shop.
extension PureSimulation {
    mutating func place() {
        counts.orders += 1
        let number = counts.orders
        var truth = template
        truth.id = Int64(number)
        truth.name = "#\(number)"
        if random.isTrue(0.6) { truth.lineItems.removeLast() }
        for index in truth.lineItems.indices {
            truth.lineItems[index].id = Int64(number * 10 + index)
            truth.lineItems[index].quantity = random.pick(1...2)
            truth.lineItems[index].currentQuantity = truth.lineItems[index].quantity
        }
        let dossier = Dossier(number: number, placedAt: now, truth: truth)
        open[number] = dossier
        revise(dossier)
        schedule(dossier)
        agenda.add(.audit(dossier), at: now + World.auditSeconds)
        let next = now + random.pause(mean: 86_400 / Double(seed.ordersPerDay))
        if next < Double(seed.days) * 86_400 { agenda.add(.place, at: next) }
    }

    /// What will become of it, as far as the buyer goes.
    private mutating func schedule(_ dossier: Dossier) {
        if random.isTrue(World.neverPaid) {
            agenda.add(.shop(dossier, .cancel), at: now + 3 * 86_400)
        } else {
            let isAtOnce = random.isTrue(World.paidAtOnce)
            let wait = isAtOnce ? random.between(0.1, 2) : random.between(600, 172_800)
            agenda.add(.shop(dossier, .pay), at: now + wait)
        }
        if random.isTrue(World.edited) { agenda.add(.shop(dossier, .edit), at: now + random.between(1, 7_200)) }
        if random.isTrue(World.cancelled) { agenda.add(.shop(dossier, .cancel), at: now + random.between(1, 172_800)) }
        if random.isTrue(World.deleted) { agenda.add(.shop(dossier, .delete), at: now + random.between(0.1, 172_800)) }
        if random.isTrue(World.unmapped) {
            dossier.isMapped = false
            agenda.add(.human(dossier, .map), at: now + random.within(World.humanSeconds))
        }
    }

    mutating func change(_ dossier: Dossier, _ act: ShopAct) {
        guard !dossier.isDeleted else { return }
        switch act {
        case .pay:
            guard !dossier.isCancelledInShop else { return }
            dossier.truth.financialStatus = "paid"
        case .edit:
            // What has left is not edited any more.
            guard dossier.shopFulfilments.isEmpty, !dossier.isCancelledInShop else { return }
            let index = random.pick(0...(dossier.truth.lineItems.count - 1))
            dossier.truth.lineItems[index].currentQuantity = random.pick(1...3)
        case .cancel:
            guard dossier.shopFulfilments.isEmpty, !dossier.isCancelledInShop else { return }
            dossier.isCancelledInShop = true
            dossier.truth.cancelledAt = date
            dossier.truth.financialStatus = dossier.truth.financialStatus == "paid" ? "refunded" : "voided"
        case .delete:
            guard dossier.shopFulfilments.isEmpty else { return }
            dossier.isDeleted = true
            dossier.isCancelledInShop = true
            // The deletion is not on any list that is read again: it is sent until it is taken.
            for at in deliveries(isLostEver: false) { agenda.add(.deletion(dossier), at: at) }
            return
        }
        revise(dossier)
    }

    /// A new payload, sent in the shop's way: lost, repeated, late, out of order.
    mutating func revise(_ dossier: Dossier) {
        dossier.truth.updatedAt = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
        let revision = Order.Revision(
            updatedAt: dossier.truth.updatedAt ?? date, isCancelled: dossier.truth.cancelledAt != nil,
            paymentRank: Payment.rank(of: dossier.truth.financialStatus), triggeredAt: date,
            contentRank: Int64(dossier.revisions.count))
        dossier.revisions.append((dossier.truth, revision))
        let index = dossier.revisions.count - 1
        for at in deliveries(isLostEver: true) { agenda.add(.payload(dossier, index), at: at) }
    }

    /// When each copy of a webhook arrives.
    mutating func deliveries(isLostEver: Bool) -> [Double] {
        if isLostEver, random.isTrue(World.lostWebhook) { return [now + random.within(World.reconcileSeconds)] }
        let copies = random.isTrue(World.repeatedWebhook) ? random.pick(2...(World.repeatsMaximum + 1)) : 1
        return (0..<copies).map { _ in
            let luck = random.fraction()
            let delay =
                luck < 0.9
                ? random.between(0.05, 3) : luck < 0.98 ? random.between(3, 600) : random.between(600, 14_400)
            return now + delay
        }
    }
}
