import Metrics

/// What the queue counts, for every kind it knows.
struct JobMetrics: Sendable {
    private struct Kind: Sendable {
        let claimed: Counter
        let done: Counter
        let failed: Counter
        let dead: Counter
        let duration: Timer
        let wait: Timer
    }

    private let leasesLost = Counter(label: "job_leases_lost_total")
    private let rescued = Counter(label: "jobs_rescued_total")
    private let ready = Gauge(label: "jobs_ready")
    private let running = Gauge(label: "jobs_running")
    private let dead = Gauge(label: "jobs_dead")
    private let oldestReadySeconds = Gauge(label: "jobs_oldest_ready_seconds")
    private let kinds: [JobKind: Kind]

    init(kinds names: some Sequence<JobKind>) {
        kinds = Dictionary(
            names.map { name in
                let dimensions = [("kind", name.name)]
                return (
                    name,
                    Kind(
                        claimed: Counter(label: "jobs_claimed_total", dimensions: dimensions),
                        done: Counter(label: "jobs_done_total", dimensions: dimensions),
                        failed: Counter(label: "jobs_failed_total", dimensions: dimensions),
                        dead: Counter(label: "jobs_dead_total", dimensions: dimensions),
                        duration: Timer(label: "job_duration_seconds", dimensions: dimensions),
                        wait: Timer(label: "job_wait_seconds", dimensions: dimensions))
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    func claimed(_ job: ClaimedJob) {
        kinds[job.job.kind]?.claimed.increment()
        kinds[job.job.kind]?.wait.recordNanoseconds(Self.nanoseconds(job.waitedSeconds))
    }

    func done(_ kind: JobKind, took duration: Duration) {
        kinds[kind]?.done.increment()
        kinds[kind]?.duration.recordNanoseconds(Self.nanoseconds(duration.seconds))
    }

    func leaseLost() { leasesLost.increment() }
    func rescued(_ count: Int) { rescued.increment(by: count) }
    func failed(_ kind: JobKind) { kinds[kind]?.failed.increment() }
    func died(_ kind: JobKind) { kinds[kind]?.dead.increment() }

    func depth(_ depth: ScheduleStorage.Depth) {
        ready.record(depth.ready)
        running.record(depth.running)
        dead.record(depth.dead)
        oldestReadySeconds.record(depth.oldestReadySeconds)
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64(min(max(seconds, 0), 1e9) * 1e9)
    }
}
