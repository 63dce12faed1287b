import Metrics

/// What is measured of the making of files.
struct DesignMetrics: Sendable {
    private let seconds = Timer(label: "gridflock_generation_seconds")
    private let bytes = Recorder(label: "gridflock_design_bytes")
    private let failures = Counter(label: "gridflock_generation_failures_total")
    private let evictions = Counter(label: "gridflock_files_evicted_total")

    func made(bytes: Int, took: Duration) {
        let (whole, attoseconds) = took.components
        seconds.recordNanoseconds(whole * 1_000_000_000 + attoseconds / 1_000_000_000)
        self.bytes.record(bytes)
    }

    func failed() { failures.increment() }

    func evicted(_ count: Int) { evictions.increment(by: count) }
}
