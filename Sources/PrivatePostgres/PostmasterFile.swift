/// `postmaster.pid`, which a running server keeps in its data directory (PostgreSQL source, `utils/pidfile.h`).
struct PostmasterFile: Hashable {
    let processID: Int32
    /// Line 5; nil in a file not yet written to its end.
    let socketDirectory: String?
    /// Line 8: `starting`, `stopping`, `ready`, `standby`.
    let status: String?

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        // A negative number is a stand-alone backend's (`postgres --single`).
        guard let first = lines.first, let number = Self.number(first), number > 1 else { return nil }
        processID = number
        socketDirectory = lines.count > 4 && !lines[4].isEmpty ? lines[4] : nil
        status = lines.count > 7 && !lines[7].isEmpty ? lines[7] : nil
    }

    static func number(_ text: String) -> Int32? {
        guard (1...9).contains(text.utf8.count) else { return nil }
        var value: Int32 = 0
        for byte in text.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int32(byte - 0x30)
        }
        return value
    }
}
