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

    /// What came with a fence that no longer stood.
    enum Stale: String, CaseIterable {
        case completion
        case heartbeat
        case burial
    }

    private let fenceRejections = Dictionary(
        uniqueKeysWithValues: Stale.allCases.map {
            ($0, Counter(label: "job_fence_rejections_total", dimensions: [("what", $0.rawValue)]))
        })
    private let rescued = Counter(label: "jobs_rescued_total")
    private let ready = Gauge(label: "jobs_ready")
    private let running = Gauge(label: "jobs_running")
    private let dead = Gauge(label: "jobs_dead")
    private let oldestReadySeconds = Gauge(label: "jobs_oldest_ready_seconds")
    private let oldestTransactionSeconds = Gauge(label: "database_oldest_transaction_seconds")
    private let kinds: [JobKind: Kind]

    init(_ registrations: some Sequence<JobRegistration>) {
        kinds = Dictionary(
            registrations.map { registration in
                let dimensions = [
                    ("kind", registration.kind.name), ("category", registration.category?.rawValue ?? "none"),
                ]
                return (
                    registration.kind,
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

    func fenceRejected(_ what: Stale) { fenceRejections[what]?.increment() }
    func rescued(_ count: Int) { rescued.increment(by: count) }
    func failed(_ kind: JobKind) { kinds[kind]?.failed.increment() }
    func died(_ kind: JobKind) { kinds[kind]?.dead.increment() }

    func depth(_ depth: ScheduleStorage.Depth) {
        ready.record(depth.ready)
        running.record(depth.running)
        dead.record(depth.dead)
        oldestReadySeconds.record(depth.oldestReadySeconds)
    }

    func oldestTransaction(seconds: Double) { oldestTransactionSeconds.record(seconds) }

    /// 0 closed, 1 half-open, 2 open or paused: higher is worse.
    func circuit(_ vendor: String, _ phase: VendorCircuit.Phase) {
        let value =
            switch phase {
            case .closed: 0
            case .halfOpen: 1
            case .open, .paused: 2
            }
        Gauge(label: "vendor_circuit_state", dimensions: [("vendor", vendor)]).record(value)
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64(min(max(seconds, 0), 1e9) * 1e9)
    }
}
