import Fulfilment
import Jobs
import Kernel

// Effects as DESIGN §3.5 promises them, against vendors that lose, repeat, delay and hide.
extension PureSimulation {
    /// How long a vendor may hide what it was asked for.
    private static let hiddenSeconds = World.callTimeoutSeconds + World.lagSeconds

    func plan(_ key: EffectKey, _ dossier: Dossier) {
        if dossier.effects[key] == nil { dossier.effects[key] = SimulatedEffect() }
    }

    /// True when it will not be made any more.
    func cancelPlanned(_ key: EffectKey, _ dossier: Dossier) -> Bool {
        guard let effect = dossier.effects[key] else { return true }
        guard [.planned, .cancelled].contains(effect.state) else { return false }
        dossier.effects[key]?.state = .cancelled
        return true
    }

    mutating func perform(_ id: Int, _ job: SimulatedJob, _ dossier: Dossier, _ key: EffectKey) {
        guard var effect = dossier.effects[key] else { return finish(id, job.fence, .nothing) }
        switch effect.state {
        case .done: finish(id, job.fence, .made(key, vendorID: effect.vendorID ?? 0, from: .done))
        case .cancelled: finish(id, job.fence, .cancelled(key))
        case .planned: send(id, job.fence, dossier, key)
        case .sent, .unknown:
            guard effect.fence <= job.fence else { return finish(id, job.fence, .nothing) }
            effect.state = .unknown
            effect.wasUnknown = true
            effect.fence = job.fence
            dossier.effects[key] = effect
            let rest = Self.hiddenSeconds - (now - effect.sentAt)
            if rest > 0, broken != .lookedUpTooEarly { return notNow(id, job.fence, retryAfter: rest) }
            if broken == .resentBlindly { return send(id, job.fence, dossier, key) }
            if isAway(key.kind) { return notNow(id, job.fence, retryAfter: nil) }
            switch EffectChoice.among(found(key, dossier)) {
            case .nothing, .foreign: send(id, job.fence, dossier, key)
            case .keep(let kept, let extras):
                cancel(extras.map(\.receipt), key, dossier)
                counts.lookUpsAdopted += 1
                finish(id, job.fence, .made(key, vendorID: kept.receipt, from: .unknown))
            }
        }
    }

    /// The intent is committed, then the process may die, or freeze for longer than its lease.
    private mutating func send(_ id: Int, _ fence: Int64, _ dossier: Dossier, _ key: EffectKey) {
        guard var effect = dossier.effects[key] else { return }
        effect.state = .sent
        effect.fence = fence
        effect.sends += 1
        effect.sentAt = now
        dossier.effects[key] = effect
        if random.isTrue(World.crash) { return lose(id, fence) }
        let isFrozen = random.isTrue(World.freeze)
        if isFrozen { lose(id, fence) }
        agenda.add(
            .wire(id, fence: fence, dossier, key),
            at: now + (isFrozen ? random.within(World.frozenSeconds) : 0.01))
    }

    mutating func goToWire(_ id: Int, _ fence: Int64, _ dossier: Dossier, _ key: EffectKey) {
        let isHeld = isOurs(jobs[id], fence)
        guard isHeld || broken == .leaseUncheckedBeforeSend else {
            counts.staleSendsRefused += 1
            return
        }
        if isHeld { jobs[id]?.leaseUntil = now + World.callTimeoutSeconds + settings.leaseSeconds }
        if random.isTrue(World.crash) { return lose(id, fence) }
        counts.sends += 1
        let notifies = key.kind == .fulfilment && dossier.fulfilment?.notifiesCustomer == true
        if random.isTrue(World.frozenAtTheWire) {
            dossier.effects[key]?.mayBeTwice = true
            lose(id, fence)
            let wait = random.within(61...300)
            agenda.add(.arrive(dossier, key, notifies: notifies), at: now + wait)
            return agenda.add(.answer(id, fence: fence, key, .unknown), at: now + wait + 1)
        }
        if isAway(key.kind) {
            return agenda.add(.answer(id, fence: fence, key, .unknown), at: now + random.between(0.1, 1))
        }
        let luck = random.fraction()
        if luck < World.requestLost {
            agenda.add(.answer(id, fence: fence, key, .unknown), at: now + World.callTimeoutSeconds)
        } else if luck < World.requestLost + World.answerLost {
            agenda.add(.arrive(dossier, key, notifies: notifies), at: now + 0.2)
            agenda.add(.answer(id, fence: fence, key, .unknown), at: now + World.callTimeoutSeconds)
        } else if luck < World.requestLost + World.answerLost + World.lateEffect {
            let late = random.between(0.5, World.callTimeoutSeconds)
            agenda.add(.arrive(dossier, key, notifies: notifies), at: now + late)
            agenda.add(.answer(id, fence: fence, key, .unknown), at: now + 0.5)
        } else if luck < World.requestLost + World.answerLost + World.lateEffect + World.tooManyRequests {
            agenda.add(.answer(id, fence: fence, key, .notNow(random.between(1, 60))), at: now + 0.2)
        } else {
            let answer = arrive(dossier, key, notifies: notifies)
            if random.isTrue(World.crash) { return lose(id, fence) }
            agenda.add(.answer(id, fence: fence, key, answer), at: now + random.between(0.1, 2))
        }
    }

    mutating func hear(_ answer: Answer, _ id: Int, _ fence: Int64, _ key: EffectKey) {
        guard let dossier = jobs[id]?.dossier, var effect = dossier.effects[key], effect.fence == fence,
            effect.state == .sent
        else { return }
        switch answer {
        case .made(let vendorID):
            var kept = vendorID
            if effect.sends > 1, broken != .resentBlindly,
                case .keep(let oldest, let extras) = EffectChoice.among(found(key, dossier)), !extras.isEmpty
            {
                cancel(extras.map(\.receipt), key, dossier)
                kept = oldest.receipt
            }
            finish(id, fence, .made(key, vendorID: kept, from: .sent))
        case .unknown:
            effect.state = .unknown
            effect.wasUnknown = true
            dossier.effects[key] = effect
            let rest = max(0, Self.hiddenSeconds - (now - effect.sentAt))
            notNow(id, fence, retryAfter: broken == .lookedUpTooEarly ? 0 : rest)
        case .notNow(let seconds):
            takeBack(&effect, key, dossier)
            notNow(id, fence, retryAfter: seconds)
        case .conflict:
            if let mine = found(key, dossier).first {
                return finish(id, fence, .made(key, vendorID: mine.receipt, from: .sent))
            }
            takeBack(&effect, key, dossier)
            finish(id, fence, .cancelled(key))
        }
    }

    private func takeBack(_ effect: inout SimulatedEffect, _ key: EffectKey, _ dossier: Dossier) {
        effect.state = effect.sends == 1 ? .planned : .unknown
        effect.sends -= 1
        dossier.effects[key] = effect
    }

    /// The effect's row and the module's are one transaction; false: another owner has it.
    mutating func record(
        _ key: EffectKey, vendorID: Int, from state: SimulatedEffect.State, _ fence: Int64, _ dossier: Dossier
    ) -> Bool {
        guard var effect = dossier.effects[key] else { return false }
        if state == .done { return true }
        guard effect.state == state, effect.fence == fence else { return false }
        effect.state = .done
        effect.vendorID = vendorID
        dossier.effects[key] = effect
        if effect.sends > 1 || effect.wasUnknown {
            doubtful.append((dossier, key, now))
            if !isSweepDue {
                isSweepDue = true
                agenda.add(.sweep, at: now + World.sweepSeconds)
            }
        }
        return true
    }

    /// The net below.
    mutating func sweep() {
        isSweepDue = false
        doubtful.removeAll { now - $0.doneAt > 86_400 }
        for (dossier, key, _) in doubtful {
            guard let ours = dossier.effects[key]?.vendorID, !isAway(key.kind) else { continue }
            let alive = EffectChoice.alive(found(key, dossier)).map(\.receipt)
            guard alive.count > 1, alive.contains(ours) else { continue }
            cancel(alive.filter { $0 != ours }, key, dossier)
        }
        guard !doubtful.isEmpty else { return }
        isSweepDue = true
        agenda.add(.sweep, at: now + World.sweepSeconds)
    }
}
