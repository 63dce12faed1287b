import Glibc

/// Where the demo shows itself: redrawn in place on a terminal, plain lines elsewhere.
enum Terminal {
    static let isInteractive = isatty(STDOUT_FILENO) == 1

    /// Rows and columns; nil where there is no terminal.
    static var size: (rows: Int, columns: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    static func line(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    static func error(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Draws lines over the `previous` ones drawn last (ECMA-48: cursor up, erase line).
    static func redraw(_ lines: [String], over previous: Int) {
        var text = previous > 0 ? "\u{1B}[\(previous)A" : ""
        // A line that wraps would be counted as one and drawn over as two.
        let columns = size.map(\.columns) ?? 80
        for line in lines { text += "\u{1B}[2K\(line.prefix(columns - 1))\n" }
        write(text, to: STDOUT_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
