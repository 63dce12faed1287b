import CPlatform
import Glibc
import Synchronization

/// How a program ended.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    case exited(code: Int32)
    case signalled(number: Int32)

    package var isSuccess: Bool { self == .exited(code: 0) }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let number): "signal \(number)"
        }
    }
}

/// A child of ours: leader of a session and process group of its own. A thread waits for it, so it is always reaped.
package final class RunningProcess: Sendable {
    /// What `Command.Output.captured` keeps; the rest is read and dropped.
    package static let outputBytesMaximum = 1024 * 1024

    private struct State {
        var status: ExitStatus?
        var output: [UInt8] = []
        var watchers: [CheckedContinuation<ExitStatus, Never>] = []
    }

    package let processID: Int32
    private let state = Mutex(State())

    /// - Throws: `ProcessFailure`.
    package static func start(_ command: Command) throws -> RunningProcess {
        var reading: Int32 = -1
        var writing: Int32 = -1
        switch command.output {
        case .null: break
        case .file(let path):
            writing = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard writing >= 0 else { throw ProcessFailure("cannot write to \(path): \(reason(errno))") }
        case .captured:
            let code = forma3d_pipe(&reading, &writing)
            guard code == 0 else { throw ProcessFailure("no pipe: \(reason(code))") }
        }
        defer { if writing >= 0 { close(writing) } }
        do {
            let processID = try OwnChildren.register { try Spawn.start(command, output: writing) }
            let process = RunningProcess(processID: processID)
            process.watch(reading: reading)
            return process
        } catch {
            if reading >= 0 { close(reading) }
            throw error
        }
    }

    private init(processID: Int32) {
        self.processID = processID
    }

    package var isRunning: Bool { state.withLock { $0.status == nil } }

    /// Returns when the program has ended and was reaped.
    package func wait() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.watchers.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// What it wrote, when captured and ended.
    package var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }

    /// Sends a signal to the program alone. Nothing happens when it has ended.
    package func signal(_ number: Int32) {
        // Under the lock of reaping: the number cannot have become another process's.
        state.withLock { state in
            if state.status == nil { kill(processID, number) }
        }
    }

    /// Sends a signal to the program and all it started in its process group.
    package func signalGroup(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { kill(-processID, number) }
        }
    }

    private func watch(reading: Int32) {
        let started = BlockingThread.start("process-wait") {
            if reading >= 0 {
                self.capture(reading)
                close(reading)
            }
            _ = forma3d_wait_for_end(self.processID)
            self.reap()
        }
        guard !started else { return }
        // No thread to be had: the child must not stay unwatched.
        kill(-processID, SIGKILL)
        reap()
    }

    private func capture(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            state.withLock { state in
                state.output += buffer.prefix(min(count, Self.outputBytesMaximum - state.output.count))
            }
        }
    }

    private func reap() {
        let (status, watchers) = state.withLock { state in
            var code: Int32 = -1
            var signal: Int32 = 0
            OwnChildren.forget(processID) { _ = forma3d_reap(processID, &code, &signal) }
            let status: ExitStatus = signal > 0 ? .signalled(number: signal) : .exited(code: code)
            state.status = status
            defer { state.watchers = [] }
            return (status, state.watchers)
        }
        for watcher in watchers { watcher.resume(returning: status) }
    }
}

extension RunningProcess {
    /// Runs a program to its end and gives what it wrote. A cancelled task kills it.
    /// - Throws: `ProcessFailure` with the end of its output when it does not exit with 0.
    @discardableResult
    package static func run(_ command: Command) async throws -> String {
        var command = command
        if case .null = command.output { command.output = .captured }
        let process = try start(command)
        let status = await withTaskCancellationHandler {
            await process.wait()
        } onCancel: {
            process.signalGroup(SIGKILL)
        }
        try Task.checkCancellation()
        guard status.isSuccess else {
            let name = command.executable.split(separator: "/").last.map { String($0) } ?? command.executable
            throw ProcessFailure("\(name) failed (\(status)): \(process.output.suffix(2_000))")
        }
        return process.output
    }
}
