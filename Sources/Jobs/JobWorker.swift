import Kernel
import Logging
import Postgres
import Synchronization

/// The claim loop of one process: takes as many ready jobs as it has hands free and starts each at once. Nothing is
/// claimed ahead, so a process that dies strands only what it was working on.
final class JobWorker: Sendable {
    private struct State {
        var isWorking = false
        var isDraining = false
        /// The last claim left something behind, so a free hand should look again without being called.
        var mayHaveMore = false
    }

    private let database: Database
    private let settings: JobSettings
    private let claimer: ClaimStorage.Claimer
    private let registrations: [JobKind: JobRegistration]
    private let inHand: JobsInHand
    private let run: JobRun
    private let metrics: JobMetrics
    private let logger: Logger
    private let faults: FaultPoints
    private let flag: WakeFlag
    /// Raised when the loop and the last job have ended.
    private let ended = WakeFlag()
    private let state = Mutex(State())

    init(
        database: Database, settings: JobSettings, claimer: ClaimStorage.Claimer,
        registrations: [JobKind: JobRegistration], inHand: JobsInHand, run: JobRun, metrics: JobMetrics,
        flag: WakeFlag, logger: Logger, faults: FaultPoints = .none
    ) {
        self.database = database
        self.settings = settings
        self.claimer = claimer
        self.registrations = registrations
        self.inHand = inHand
        self.run = run
        self.metrics = metrics
        self.flag = flag
        self.logger = logger
        self.faults = faults
    }

    /// Claims nothing more; the loop ends when the jobs in hand have.
    func beginDraining() {
        state.withLock { $0.isDraining = true }
        flag.raise()
    }

    /// False when it still works at the deadline. True when it never began.
    func waitUntilEnded(deadline: ContinuousClock.Instant) async -> Bool {
        while state.withLock({ $0.isWorking }) {
            let rest = deadline - ContinuousClock.now
            guard rest > .zero, !Task.isCancelled else { return false }
            await ended.wait(atMost: rest)
        }
        return true
    }

    /// Until drained or cancelled, and every job in hand has ended.
    func work() async {
        state.withLock { $0.isWorking = true }
        defer {
            state.withLock { $0.isWorking = false }
            ended.raise()
        }
        await withDiscardingTaskGroup { group in
            var isKeyedTurn = false
            var isAway = false
            while isClaiming {
                var taken: [JobInHand] = []
                var next = Next(pause: .seconds(settings.pollSeconds), isKeyedTurn: isKeyedTurn)
                do {
                    next = try await claim(isKeyedTurn: isKeyedTurn, into: &taken)
                    if isAway { logger.notice("The queue can be read again.") }
                    isAway = false
                } catch {
                    // Once, not with every poll.
                    if !isAway, !Task.isCancelled {
                        logger.warning("The queue cannot be read; trying again.", metadata: ["error": "\(error)"])
                    }
                    isAway = true
                }
                isKeyedTurn = next.isKeyedTurn
                // What was taken before something failed is in hand all the same.
                for job in taken {
                    group.addTask { await self.perform(job) }
                }
                if !next.isAtOnce { await flag.wait(atMost: next.pause) }
            }
        }
    }

    private var isClaiming: Bool {
        !Task.isCancelled && !state.withLock { $0.isDraining }
    }

    /// What the loop does after a round.
    private struct Next {
        /// Hands are free and the queue was not read to its end.
        var isAtOnce = false
        var pause: Duration
        var isKeyedTurn: Bool
    }

    /// One round: a batch of jobs without a key, and keyed ones one by one. When hands are short the two take turns.
    private func claim(isKeyedTurn: Bool, into taken: inout [JobInHand]) async throws -> Next {
        var next = Next(pause: .seconds(settings.pollSeconds), isKeyedTurn: isKeyedTurn)
        var free = settings.concurrency - inHand.count
        if free > 0, isKeyedTurn {
            if try await takeKeyed(into: &taken) { free -= 1 }
            next.isKeyedTurn = false
        }
        guard free > 0 else { return goingOn(next, mayHaveMore: true) }
        let askedAt = ContinuousClock.now
        try await faults.reach(.beforeClaim)
        let claim = try await ClaimStorage.claim(free, for: claimer, in: database)
        if !claim.jobs.isEmpty { try await faults.reach(.afterClaim, kinds: claim.jobs.map(\.job.kind.name)) }
        for job in claim.jobs { take(job, askedAt: askedAt, into: &taken) }
        free -= claim.jobs.count
        next.isKeyedTurn = claim.isKeyedDue
        if let seconds = claim.nextDueSeconds, seconds < settings.pollSeconds {
            next.pause = .seconds(max(seconds, 0.001))
        }
        var mayHaveMore = free == 0
        while claim.isKeyedDue, free > 0, try await takeKeyed(into: &taken) {
            free -= 1
            mayHaveMore = free == 0
        }
        return goingOn(next, mayHaveMore: mayHaveMore)
    }

    /// Set before the hands are counted again: a job that ends later raises the flag, one that ended before is counted.
    private func goingOn(_ next: Next, mayHaveMore: Bool) -> Next {
        state.withLock { $0.mayHaveMore = mayHaveMore }
        var next = next
        next.isAtOnce = mayHaveMore && inHand.count < settings.concurrency
        return next
    }

    private func takeKeyed(into taken: inout [JobInHand]) async throws -> Bool {
        let askedAt = ContinuousClock.now
        guard let job = try await ClaimStorage.claimKeyed(for: claimer, in: database) else { return false }
        try await faults.reach(.afterClaim, kinds: [job.job.kind.name])
        take(job, askedAt: askedAt, into: &taken)
        return true
    }

    /// In hand from this moment on, so that the next heartbeat has it.
    private func take(_ claimed: ClaimedJob, askedAt: ContinuousClock.Instant, into taken: inout [JobInHand]) {
        let job = JobInHand(claimed, leaseHeldUntil: askedAt + .seconds(settings.leaseSeconds))
        inHand.add(job)
        metrics.claimed(claimed)
        taken.append(job)
    }

    private func perform(_ job: JobInHand) async {
        // Only registered kinds are claimed.
        if let registration = registrations[job.claimed.job.kind] {
            await run.perform(job, registration)
        }
        inHand.remove(job)
        let looksAgain = job.claimed.isKeyed || state.withLock { $0.mayHaveMore }
        if looksAgain { flag.raise() }
    }
}
