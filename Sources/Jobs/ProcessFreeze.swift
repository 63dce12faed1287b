import Glibc

/// Stops the whole process for a while, as a virtual machine does that is moved: no thread of it runs, its connections
/// stay open, its leases run out.
enum ProcessFreeze {
    struct NoShell: Error, Hashable {
        let code: Int32
    }

    /// Returns when the process was woken again.
    ///
    /// A child stops us and wakes us, in this order: an alarm of our own could not ring, and one that rings before we
    /// stop would leave us frozen for ever. It outlives us where we are killed meanwhile.
    /// - Throws: `NoShell` when the child cannot be started.
    static func freeze(milliseconds: Int) throws {
        let whole = milliseconds / 1000
        let thousandths = String(1000 + milliseconds % 1000).dropFirst()
        let own = getpid()
        let script = "kill -STOP \(own) && sleep \(whole).\(thousandths); kill -CONT \(own)"
        try run(script)
    }

    private static func run(_ script: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Whoever reads our output must not wait for the child where we are killed.
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var child: pid_t = 0
        // SAFETY: the strings are copied, live until the call has returned, and are freed once.
        let words = ["/bin/sh", "-c", script].map { (word: String) in strdup(word) }
        defer { for word in words { free(word) } }
        let code = posix_spawn(&child, "/bin/sh", &actions, nil, words + [nil], nil)
        guard code == 0 else { throw NoShell(code: code) }
        // Blocks this thread on purpose: it is about to be stopped with all the others. Where somebody else collects
        // the child, this ends as well.
        while waitpid(child, nil, 0) < 0, errno == EINTR {}
    }
}
