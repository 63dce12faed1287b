import Glibc

/// What this process costs the machine, under the names that Prometheus' client libraries use.
package struct ProcessMetrics: Hashable, Sendable {
    package let residentBytes: Int
    package let cpuSeconds: Double
    package let openFileDescriptors: Int
    package let fileDescriptorsMaximum: Int
    package let uptimeSeconds: Double

    package init(
        residentBytes: Int, cpuSeconds: Double, openFileDescriptors: Int, fileDescriptorsMaximum: Int,
        uptimeSeconds: Double
    ) {
        self.residentBytes = residentBytes
        self.cpuSeconds = cpuSeconds
        self.openFileDescriptors = openFileDescriptors
        self.fileDescriptorsMaximum = fileDescriptorsMaximum
        self.uptimeSeconds = uptimeSeconds
    }

    /// Reads `/proc/self` (memory, not a disk) and the kernel's counters.
    package static func read(uptimeSeconds: Double) -> ProcessMetrics {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessMetrics(
            residentBytes: residentPages() * Int(getpagesize()),
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            openFileDescriptors: countOpenDescriptors(),
            fileDescriptorsMaximum: Int(clamping: limit.rlim_cur),
            uptimeSeconds: uptimeSeconds)
    }

    package var exposition: String {
        let rows: [(String, String, String, Double)] = [
            ("process_resident_memory_bytes", "gauge", "Resident memory.", Double(residentBytes)),
            ("process_cpu_seconds_total", "counter", "User and system CPU time.", cpuSeconds),
            ("process_open_fds", "gauge", "Open file descriptors.", Double(openFileDescriptors)),
            ("process_max_fds", "gauge", "Most file descriptors allowed.", Double(fileDescriptorsMaximum)),
            ("forma3d_uptime_seconds", "gauge", "Time since the process started.", uptimeSeconds),
        ]
        var text = ""
        for (name, kind, help, value) in rows {
            PrometheusRegistry.head(name, kind, help, into: &text)
            text += "\(name) \(PrometheusText.number(value))\n"
        }
        return text
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }

    /// Second field of `/proc/self/statm` (proc(5)).
    private static func residentPages() -> Int {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return 0 }
        let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    }

    private static func countOpenDescriptors() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return max(0, count - 3)  // `.`, `..` and the directory's own descriptor
    }
}
