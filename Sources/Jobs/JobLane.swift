import Kernel
import Logging
import Postgres
import Synchronization

/// A claim loop: writes down what ended and takes as many ready jobs as there are hands free, both in one flight and one
/// transaction, and starts each job at once.
///
/// Completions are gathered as a group commit gathers: while one flight is under way the next batch grows.
final class JobLane: Sendable {
    /// Ran to its end with nothing to write but that.
    struct Completion: Sendable {
        let inHand: JobInHand
        let startedAt: ContinuousClock.Instant
        /// It was in a flight whose outcome is not known.
        var isInDoubt = false
        /// Its hand is free already: it was taken for a flight that failed.
        var isReleased = false
    }

    private struct State {
        var running = 0
        var completions: [Completion] = []
        /// The last claim left something behind, so a free hand should look again without being called.
        var mayHaveMore = false
    }

    /// Waking a thread for each job costs more than a short job does; more than a few would wait for each other.
    private static let startedTogether = 8

    let ground: JobWorker.Ground
    /// It alone is woken by others, polls, and claims what is taken one by one: keyed jobs and probes.
    let isLeading: Bool
    private let flag: WakeFlag
    private let alarm = Alarm()
    private let others: [WakeFlag]
    private let state = Mutex(State())

    init(_ ground: JobWorker.Ground, isLeading: Bool, flag: WakeFlag, others: [WakeFlag]) {
        self.ground = ground
        self.isLeading = isLeading
        self.flag = flag
        self.others = others
    }

    func wake() { flag.raise() }

    /// The others find work, too.
    func wakeOthers() {
        for flag in others { flag.raise() }
    }

    /// Until the worker drains or the task is cancelled, and every job of this lane has ended.
    func work(for worker: JobWorker) async {
        // The rounds are questions to the database; what they start runs elsewhere.
        await withTaskExecutorPreference(ground.database.executor) {
            async let _: Void = alarm.keep { [flag] in flag.raise() }
            await fly(for: worker)
        }
        // Of the runs that a cancellation found at their end.
        let left = takeCompletions(worker)
        _ = try? await withoutCancellation {
            var last = JobRound(pause: .zero)
            await last.write(left, on: self)
        }
    }

    private func fly(for worker: JobWorker) async {
        await withDiscardingTaskGroup { group in
            var round = JobRound(pause: .seconds(ground.settings.pollSeconds))
            while !Task.isCancelled, !worker.isDraining {
                let completions = takeCompletions(worker)
                let started = await round.fly(completions, on: self, for: worker)
                for first in stride(from: 0, to: started.count, by: Self.startedTogether) {
                    let jobs = started[first..<min(first + Self.startedTogether, started.count)]
                    group.addTask(executorPreference: globalConcurrentExecutor) {
                        await self.perform(jobs, for: worker)
                    }
                }
                await rest(round, worker)
            }
            while !Task.isCancelled, !isEmpty {
                var last = JobRound(pause: .zero)
                await last.write(takeCompletions(worker), on: self)
                if !isEmpty { await sleep(atMost: .seconds(ground.settings.pollSeconds)) }
            }
        }
    }

    private var isEmpty: Bool { state.withLock { $0.running == 0 && $0.completions.isEmpty } }

    private func takeCompletions(_ worker: JobWorker) -> [Completion] {
        let completions = state.withLock { state in
            defer { state.completions = [] }
            return state.completions
        }
        worker.release(completions.filter { !$0.isReleased }.map(\.inHand.queue))
        return completions
    }

    // MARK: between two flights

    /// Until there is something to do: at once when the queue was not read to its end and hands are free.
    private func rest(_ round: JobRound, _ worker: JobWorker) async {
        let isIdle = state.withLock { state in
            state.mayHaveMore = round.mayHaveMore
            return state.completions.isEmpty
        }
        // Set before the hands are counted: a job that ends later raises the flag, one that ended before is counted.
        if isIdle, round.isFull, worker.hasFreeHands { return }
        if round.hasFailed {
            await sleep(atMost: round.pause)
        } else if isIdle {
            if isLeading { await sleep(atMost: round.pause) } else { await flag.wait() }
        }
        await gather()
    }

    private func sleep(atMost pause: Duration) async {
        alarm.set(.now + pause)
        await flag.wait()
        alarm.clear()
    }

    /// Gives the runs that are about to end the time to share a commit.
    private func gather() async {
        let deadline = ContinuousClock.now + JobSettings.gatherPause
        while !Task.isCancelled {
            let waits = state.withLock { !$0.completions.isEmpty && $0.running > 0 }
            let rest = deadline - ContinuousClock.now
            guard waits, rest > .zero else { return }
            await sleep(atMost: rest)
        }
    }

    // MARK: jobs

    /// In hand from this moment on, so that the next heartbeat has it.
    func take(
        _ claimed: ClaimedJob, askedAt: ContinuousClock.Instant, probing probe: CircuitBoard.Probe? = nil
    ) -> JobInHand {
        let queue = ground.registrations[claimed.job.kind]?.queue ?? claimed.job.kind.module
        let job = JobInHand(
            claimed, queue: queue, leaseHeldUntil: askedAt + .seconds(ground.settings.leaseSeconds),
            probe: probe)
        ground.inHand.add(job)
        ground.metrics.claimed(claimed)
        state.withLock { $0.running += 1 }
        return job
    }

    /// Each goes until it waits for something, then the next begins.
    private func perform(_ jobs: ArraySlice<JobInHand>, for worker: JobWorker) async {
        await withDiscardingTaskGroup { group in
            for job in jobs {
                group.addImmediateTask { await self.perform(job, for: worker) }
            }
        }
    }

    private func perform(_ job: JobInHand, for worker: JobWorker) async {
        let startedAt = ContinuousClock.now
        // Only registered kinds are claimed.
        if let registration = ground.registrations[job.claimed.job.kind],
            await ground.run.perform(job, registration) == .toBeCompleted
        {
            complete(Completion(inHand: job, startedAt: startedAt))
            return
        }
        ground.inHand.remove(job)
        worker.release([job.queue])
        let looksAgain = state.withLock { state in
            state.running -= 1
            return state.mayHaveMore || job.claimed.isKeyed || state.running == 0 && worker.isDraining
        }
        if looksAgain { flag.raise() }
    }

    private func complete(_ completion: Completion) {
        let isWoken = state.withLock { state in
            state.running -= 1
            state.completions.append(completion)
            return state.completions.count == 1 || state.running == 0
        }
        if isWoken { flag.raise() }
    }

    /// After a flight that failed: they wait for the next.
    func takeBack(_ completions: [Completion], isInDoubt: Bool) {
        state.withLock { state in
            state.completions += completions.map { completion in
                var completion = completion
                completion.isInDoubt = completion.isInDoubt || isInDoubt
                completion.isReleased = true
                return completion
            }
        }
    }
}
