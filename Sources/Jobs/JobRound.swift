import Kernel
import Logging
import Postgres

/// One round of a lane, and what the next has to know of it.
struct JobRound {
    /// How long to wait when nobody calls.
    var pause: Duration
    /// The claim took all it might and hands are free: there is more.
    var isFull = false
    /// Something was left behind, if only because a queue has no hands: look again when a job ends.
    var mayHaveMore = false
    var hasFailed = false
    /// When hands are short, keyed jobs and the others take turns.
    private var isKeyedTurn = false
    /// The last claim failed: it shall not take the completions down with it again.
    private var isClaimDoubtful = false
    private var isAway = false

    init(pause: Duration) {
        self.pause = pause
    }

    /// - Returns: what was taken, in hand already; what was taken before something failed is in it all the same.
    mutating func fly(_ completions: [JobLane.Completion], on lane: JobLane, for worker: JobWorker) async -> [JobInHand]
    {
        pause = .seconds(lane.ground.settings.pollSeconds)
        isFull = false
        hasFailed = false
        var taken: [JobInHand] = []
        do {
            if isClaimDoubtful, !completions.isEmpty {
                await write(completions, on: lane)
                if hasFailed { return taken }
                try await claim([], on: lane, for: worker, into: &taken)
            } else {
                try await claim(completions, on: lane, for: worker, into: &taken)
            }
            isClaimDoubtful = false
            if isAway { lane.ground.logger.notice("The queue can be read again.") }
            isAway = false
        } catch {
            hasFailed = true
            // Once, not with every poll.
            if !isAway, !Task.isCancelled {
                lane.ground.logger.warning(
                    "The queue cannot be read; trying again.", metadata: ["error": "\(error)"])
            }
            isAway = true
        }
        return taken
    }

    /// Writes down what ended and claims nothing.
    mutating func write(_ completions: [JobLane.Completion], on lane: JobLane) async {
        guard !completions.isEmpty else { return }
        hasFailed = false
        do {
            _ = try await Self.send(completions, then: [], on: lane)
        } catch {
            hasFailed = true
        }
    }

    // MARK: claiming

    private mutating func claim(
        _ completions: [JobLane.Completion], on lane: JobLane, for worker: JobWorker, into taken: inout [JobInHand]
    ) async throws {
        mayHaveMore = true
        if lane.isLeading {
            do {
                try await takeProbe(on: lane, for: worker, into: &taken)
                if isKeyedTurn {
                    isKeyedTurn = false
                    _ = try await takeKeyed(on: lane, for: worker, into: &taken)
                }
            } catch {
                // In no flight yet: they wait for the next.
                lane.takeBack(completions, isInDoubt: false)
                throw error
            }
        }
        guard let reservation = worker.reserve(atMost: lane.ground.settings.claimBatch) else {
            _ = try await Self.send(completions, then: [], on: lane)
            return
        }
        let claimer = lane.ground.claimer
        let wanted = ClaimSelection(reservation, lane.ground)
        guard let query = wanted.query(reservation.count, for: claimer) else {
            worker.land(reservation, queues: [])
            _ = try await Self.send(completions, then: [], on: lane)
            shortenPause(lane, nextDueSeconds: nil)
            return
        }
        let askedAt = ContinuousClock.now
        let claim: ClaimStorage.Claim
        do {
            do {
                try await lane.ground.faults.reach(.beforeClaim)
            } catch {
                lane.takeBack(completions, isInDoubt: false)
                throw error
            }
            let results = try await Self.send(completions, then: [ClaimStorage.limitTime, query], on: lane)
            claim = try ClaimStorage.read(results.last?.rows ?? [])
            // Committed, and this process does not know yet what it has.
            for job in claim.jobs { try await lane.ground.faults.reach(.afterClaim, kinds: [job.job.kind.name]) }
        } catch {
            worker.land(reservation, queues: [])
            isClaimDoubtful = true
            throw error
        }
        let jobs = claim.jobs.map { lane.take($0, askedAt: askedAt) }
        worker.land(reservation, queues: jobs.map(\.queue))
        taken += jobs
        isFull = jobs.count == reservation.count
        mayHaveMore = isFull || wanted.leavesQueuesOut(jobs.map(\.queue))
        shortenPause(lane, nextDueSeconds: claim.nextDueSeconds)
        if isFull, worker.hasFreeHands { lane.wakeOthers() }
        guard claim.isKeyedDue else { return }
        guard lane.isLeading else { return lane.wakeOthers() }
        isKeyedTurn = true
        while try await takeKeyed(on: lane, for: worker, into: &taken) { continue }
        if !worker.hasFreeHands { mayHaveMore = true }
    }

    /// One job of a vendor whose circuit lets one through.
    private func takeProbe(on lane: JobLane, for worker: JobWorker, into taken: inout [JobInHand]) async throws {
        guard worker.hasFreeHands, let probe = try await lane.ground.circuits.takeProbe() else { return }
        let before = taken.count
        do {
            try await takeOne(on: lane, for: worker, probing: probe, into: &taken) { kinds, claimer in
                let kinds = kinds.filter { probe.kinds.contains($0.kind) }
                guard !kinds.isEmpty else { return nil }
                let rows = try await lane.ground.database.query(
                    ClaimStorage.selectiveClaimQuery(1, of: kinds, for: claimer))
                if let job = try ClaimStorage.read(rows).jobs.first { return job }
                return try await ClaimStorage.claimKeyed(
                    of: kinds.map(\.kind), for: claimer, in: lane.ground.database)
            }
        } catch {
            await lane.ground.circuits.giveBackProbe(probe)
            throw error
        }
        if taken.count == before { await lane.ground.circuits.giveBackProbe(probe) }
    }

    /// False when there was none, or no hand for it.
    private func takeKeyed(
        on lane: JobLane, for worker: JobWorker, into taken: inout [JobInHand]
    ) async throws -> Bool {
        let before = taken.count
        try await takeOne(on: lane, for: worker, into: &taken) { kinds, claimer in
            try await ClaimStorage.claimKeyed(of: kinds.map(\.kind), for: claimer, in: lane.ground.database)
        }
        return taken.count > before
    }

    private func takeOne(
        on lane: JobLane, for worker: JobWorker, probing probe: CircuitBoard.Probe? = nil,
        into taken: inout [JobInHand],
        _ claim: ([ClaimStorage.Wanted], ClaimStorage.Claimer) async throws -> ClaimedJob?
    ) async throws {
        guard let reservation = worker.reserve(atMost: 1) else { return }
        let wanted = ClaimSelection(reservation, lane.ground, probing: probe?.vendor).wanted
        let askedAt = ContinuousClock.now
        do {
            let claimed = wanted.isEmpty ? nil : try await claim(wanted, lane.ground.claimer)
            let job = claimed.map { lane.take($0, askedAt: askedAt, probing: probe) }
            worker.land(reservation, queues: job.map { [$0.queue] } ?? [])
            if let job { taken.append(job) }
        } catch {
            worker.land(reservation, queues: [])
            throw error
        }
    }

    /// A delayed job, a probe or the end of a vendor's pause may be nearer than the next poll.
    private mutating func shortenPause(_ lane: JobLane, nextDueSeconds: Double?) {
        let seconds = [nextDueSeconds, lane.ground.circuits.nextChangeSeconds].compactMap { $0 }.min()
        guard let seconds, seconds < lane.ground.settings.pollSeconds else { return }
        pause = .seconds(max(seconds, 0.001))
    }

    // MARK: the flight

    /// Completions and claim in one flight and one transaction. What ended is written down even where the task was
    /// cancelled; where the flight failed, it waits for the next.
    private static func send(
        _ completions: [JobLane.Completion], then claim: [Query], on lane: JobLane
    ) async throws -> [QueryResult] {
        let database = lane.ground.database
        guard !completions.isEmpty else { return claim.isEmpty ? [] : try await database.pipeline(claim) }
        let queries = [SettlementStorage.completeQuery(completions.map(\.inHand.claimed.job))] + claim
        let results: [QueryResult]
        do {
            results = try await withoutCancellation { try await database.pipeline(queries) }
        } catch {
            let isInDoubt = (error as? PostgresError)?.isCommitOutcomeUnknown ?? true
            lane.takeBack(completions, isInDoubt: isInDoubt)
            throw error
        }
        let ended = Set(try (results.first?.rows ?? []).map { try $0("fence", as: Int64.self) })
        for completion in completions {
            await settle(completion, isOurs: ended.contains(completion.inHand.claimed.job.fence), lane)
        }
        return results
    }

    private static func settle(_ completion: JobLane.Completion, isOurs: Bool, _ lane: JobLane) async {
        let job = completion.inHand.claimed.job
        lane.ground.inHand.remove(completion.inHand)
        guard isOurs else {
            // It may have been written by the flight whose answer was lost.
            if completion.isInDoubt { return }
            lane.ground.metrics.fenceRejected(.completion)
            lane.ground.logger.warning(
                "Another worker has this job now; what was done here is thrown away.",
                metadata: ["job": "\(job.id)", "kind": "\(job.kind)"])
            return
        }
        lane.ground.metrics.done(job.kind, took: ContinuousClock.now - completion.startedAt)
        try? await lane.ground.faults.reach(.afterCompletionCommit, completing: job)
    }
}

/// What a claim may ask for: the kinds whose vendor is there and whose queue has room.
struct ClaimSelection {
    let wanted: [ClaimStorage.Wanted]
    private let isPlain: Bool
    private let rooms: [String: Int]

    /// - Parameter vendor: the one to be probed: its kinds are wanted although it is blocked.
    init(_ reservation: Hands.Reservation, _ ground: JobWorker.Ground, probing vendor: String? = nil) {
        let blocked = ground.circuits.blocked.subtracting([vendor].compactMap { $0 })
        rooms = reservation.rooms
        isPlain = reservation.isPlain && blocked.isEmpty
        wanted = ground.registrations.values.compactMap { registration in
            let room = reservation.rooms[registration.queue] ?? reservation.count
            guard room > 0, !(registration.vendor.map(blocked.contains) ?? false) else { return nil }
            return .init(kind: registration.kind.name, queue: registration.queue, room: room)
        }
    }

    /// Nil when there is nothing to ask for.
    func query(_ count: Int, for claimer: ClaimStorage.Claimer) -> Query? {
        if wanted.isEmpty { return nil }
        return isPlain
            ? ClaimStorage.claimQuery(count, for: claimer)
            : ClaimStorage.selectiveClaimQuery(count, of: wanted, for: claimer)
    }

    /// A queue has no room left: there may be more of it.
    func leavesQueuesOut(_ taken: [String]) -> Bool {
        rooms.contains { queue, room in taken.filter { $0 == queue }.count >= room }
    }
}
