import Glibc

/// What process 1 of a container owes: reap orphans, pass signals on, end with the server's exit code.
///
/// The server itself runs as a child. A reaper inside the server would race with the code that waits for the children
/// it spawned (ADR-048).
enum InitProcess {
    /// Runs this same program again as a child and waits for it. - Returns: the exit code to end with.
    static func superviseServer() -> Int32 {
        var watched = sigset_t()
        sigemptyset(&watched)
        for number in passedOn + [SIGCHLD] { sigaddset(&watched, number) }
        pthread_sigmask(SIG_BLOCK, &watched, nil)
        guard let child = spawnSelf() else {
            let text = "forma3d: cannot start the server as a child of process 1\n"
            _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
            return 71  // EX_OSERR
        }
        while true {
            var number: Int32 = 0
            guard sigwait(&watched, &number) == 0 else { continue }
            if number == SIGCHLD {
                if let code = reap(until: child) { return code }
            } else {
                kill(child, number)
            }
        }
    }

    private static let passedOn = [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2]

    private static func spawnSelf() -> pid_t? {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // SAFETY: `unsafeArgv` and `environ` are the process's own arrays; nothing changes them before other threads
        // exist, and posix_spawn only reads them.
        var child: pid_t = 0
        let result = posix_spawn(&child, "/proc/self/exe", nil, &attributes, CommandLine.unsafeArgv, environ)
        return result == 0 ? child : nil
    }

    /// Takes every ended process; the exit code when the server is among them.
    private static func reap(until server: pid_t) -> Int32? {
        while true {
            var status: Int32 = 0
            let pid = waitpid(-1, &status, WNOHANG)
            guard pid > 0 else { return nil }
            guard pid == server else { continue }
            // WIFEXITED and WEXITSTATUS are macros that do not import (bits/waitstatus.h).
            let endedBySignal = status & 0x7F
            return endedBySignal == 0 ? (status >> 8) & 0xFF : 128 + endedBySignal
        }
    }
}
