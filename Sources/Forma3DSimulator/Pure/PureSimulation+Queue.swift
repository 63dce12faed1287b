import Jobs
import Kernel

// The queue as DESIGN §3.2 promises it: leases, fences, rescues, retries.
extension PureSimulation {
    mutating func enqueue(_ kind: SimulatedJob.Kind, _ dossier: Dossier?, delaySeconds: Double = 0) {
        guard !isTorn else { return }
        counts.jobs += 1
        jobs[counts.jobs] = SimulatedJob(kind: kind, dossier: dossier)
        dossier?.openJobs += 1
        agenda.add(.claim(counts.jobs), at: now + delaySeconds + random.between(0.001, 0.05))
    }

    mutating func claim(_ id: Int) {
        guard var job = jobs[id], job.state == .ready else { return }
        fence += 1
        if job.fence >= fence { fail("a fence went back", job.dossier) }
        counts.claims += 1
        job.state = .running
        job.fence = fence
        job.leaseUntil = now + settings.leaseSeconds
        jobs[id] = job
        if random.isTrue(World.crash) { return lose(id, job.fence) }
        work(id, job)
    }

    /// The process died or froze with the job in hand: the lease runs out, and a sweep finds it.
    mutating func lose(_ id: Int, _ fence: Int64) {
        guard let job = jobs[id], job.fence == fence else { return }
        agenda.add(.leaseEnds(id, fence: fence), at: max(now, job.leaseUntil) + random.between(0, 2))
    }

    mutating func rescue(_ id: Int, _ fence: Int64) {
        guard var job = jobs[id], job.state == .running, job.fence == fence else { return }
        guard job.leaseUntil < now else { return lose(id, fence) }
        counts.rescues += 1
        job.state = .ready
        jobs[id] = job
        agenda.add(.claim(id), at: now + 0.01)
    }

    /// The second half follows in a moment, unless the process dies or freezes first.
    mutating func finish(_ id: Int, _ fence: Int64, _ reading: Reading) {
        if random.isTrue(World.crash) { return lose(id, fence) }
        guard !random.isTrue(World.freeze) else {
            lose(id, fence)
            return agenda.add(
                .commit(id, fence: fence, reading), at: now + random.within(World.frozenSeconds))
        }
        agenda.add(.commit(id, fence: fence, reading), at: now + random.between(0.001, 0.05))
    }

    /// - Parameter job: nil when it is done and gone.
    func isOurs(_ job: SimulatedJob?, _ fence: Int64) -> Bool {
        job?.state == .running && job?.fence == fence
    }

    mutating func commit(_ id: Int, _ fence: Int64, _ reading: Reading) {
        let job = jobs[id]
        guard isOurs(job, fence) || broken == .fenceUnchecked else {
            counts.staleCompletionsRefused += 1
            return
        }
        // Looked at apart from the rule above.
        guard let job, job.state == .running, job.fence == fence else {
            return fail("a stale completion was accepted", job?.dossier)
        }
        if case .failed(let retry) = reading { return retryLater(id, job, retry.seconds) }
        isTorn = broken == .eventsAfterCommit && random.isTrue(World.crash)
        secondHalf(job, reading)
        isTorn = false
        jobs[id] = nil
        job.dossier?.openJobs -= 1
    }

    private mutating func retryLater(_ id: Int, _ job: SimulatedJob, _ seconds: Double) {
        var job = job
        job.state = .ready
        jobs[id] = job
        agenda.add(.claim(id), at: now + max(seconds, 0.01))
    }

    /// The vendor said "not now": the real policy decides when again, or that it is over.
    mutating func notNow(_ id: Int, _ fence: Int64, retryAfter: Double?) {
        guard var job = jobs[id], job.fence == fence, job.state == .running else { return }
        let decision = policy.decide(
            .notNow(retryAfterSeconds: retryAfter), message: "not now",
            history: .init(
                wrongCount: job.wrongCount, notNowCount: job.notNowCount,
                notNowSeconds: job.firstNotNowAt.map { now - $0 }), jitter: random.between(-1, 1))
        job.notNowCount += 1
        job.firstNotNowAt = job.firstNotNowAt ?? now
        jobs[id] = job
        switch decision {
        case .retryNotNow(let seconds), .retryAfterWrong(let seconds):
            finish(id, fence, .failed(RetryReading(seconds: seconds)))
        case .dead:
            job.state = .dead
            jobs[id] = job
            guard let dossier = job.dossier else { return }
            dossier.note("dead letter", at: now)
            agenda.add(.human(dossier, .retry(id)), at: now + random.within(World.humanSeconds))
        }
    }
}
