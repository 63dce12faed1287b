import Glibc
import Processes
import TestKit
import Testing

/// Children: what they get, how they end.
@Suite struct ProcessTests {
    private func shell(_ script: String, user: UserAccount? = nil, handed: DirectoryHandle? = nil) -> Command {
        Command(
            "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", user: user,
            output: .captured, handedDirectory: handed)
    }

    @Test func outputAndExitCodeComeBack() async throws {
        #expect(try await RunningProcess.run(shell("echo out; echo err >&2")) == "out\nerr\n")
        let process = try RunningProcess.start(shell("exit 7"))
        #expect(await process.wait() == .exited(code: 7))
        #expect(await process.wait() == .exited(code: 7))
        let killed = try RunningProcess.start(shell("kill -9 $$"))
        #expect(await killed.wait() == .signalled(number: SIGKILL))
    }

    @Test func aFailureTellsTheEndOfTheOutput() async throws {
        do {
            try await RunningProcess.run(shell("echo no space left; exit 3"))
            Issue.record("must throw")
        } catch let failure as ProcessFailure {
            #expect(failure.description.contains("no space left"))
            #expect(failure.description.contains("3"))
        }
    }

    @Test func whatCannotBeStartedSaysWhy() async throws {
        #expect(
            performing: {
                try RunningProcess.start(Command("/nowhere/program"))
            }, throws: { "\($0)".contains("No such file") })
        #expect(
            performing: {
                try RunningProcess.start(Command("/bin/true", workingDirectory: "/nowhere"))
            }, throws: { "\($0)".contains("working directory") })
    }

    @Test func aChildHasItsOwnSessionAndNothingOfOurs() async throws {
        setenv("FORMA3D_TEST_SECRET", "secret", 1)
        let open = Glibc.open("/etc/passwd", O_RDONLY)
        defer { close(open) }
        // `ls` itself opens the folder it lists; a pipe of a shell's would show as well.
        let descriptors = try await RunningProcess.run(Command("/bin/ls", ["/proc/self/fd"], output: .captured))
        #expect(descriptors.split(separator: "\n").map { String($0) } == ["0", "1", "2", "3"])
        // sid, pgid, environment, blocked and ignored signals
        let text = try await RunningProcess.run(
            shell(
                """
                ps -o sid=,pgid=,pid= -p $$; env
                exec grep -E '^Sig(Blk|Ign)' /proc/self/status
                """))
        let lines = text.split(separator: "\n").map { String($0) }
        let numbers = lines[0].split(separator: " ")
        #expect(Set(numbers).count == 1, "session, group and process are one")
        #expect(!text.contains("FORMA3D_TEST_SECRET"))
        for name in ["SigBlk", "SigIgn"] {
            let line = try #require(lines.first { $0.hasPrefix(name) })
            let mask = try #require(UInt64(line.dropFirst(8), radix: 16))
            // Bits from 31 on are signals of the C library's own, which it lets nobody touch.
            #expect(mask & 0x7FFF_FFFF == 0, "\(line)")
        }
    }

    @Test func aSignalToTheGroupReachesGrandchildren() async throws {
        let process = try RunningProcess.start(shell("sleep 60 & echo $!; wait"))
        try await eventually("the grandchild runs") { process.output.hasSuffix("\n") }
        let grandchild = try #require(Int32(process.output.filter(\.isNumber)))
        process.signalGroup(SIGKILL)
        #expect(await process.wait() == .signalled(number: SIGKILL))
        try await eventually("the grandchild has ended") { kill(grandchild, 0) != 0 || isZombie(grandchild) }
        process.signal(SIGKILL)
    }

    /// Where nobody reaps orphans (a container without an init), they stay as zombies.
    private func isZombie(_ processID: Int32) -> Bool {
        guard let file = fopen("/proc/\(processID)/stat", "r") else { return true }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self).contains(") Z ")
    }

    @Test func everyChildIsReaped() async throws {
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let process = try RunningProcess.start(Command("/bin/true"))
                    _ = await process.wait()
                    return process.processID
                }
            }
            for try await processID in group {
                #expect(access("/proc/\(processID)/stat", F_OK) != 0)
            }
        }
    }

    @Test func aCancelledRunKillsItsProgram() async throws {
        let run = Task { try await RunningProcess.run(shell("echo started; sleep 60")) }
        run.cancel()
        let begin = ContinuousClock.now
        await #expect(throws: (any Error).self) { try await run.value }
        #expect(ContinuousClock.now - begin < .seconds(50))
    }

    @Test(.enabled(if: UserAccount.isRoot))
    func anotherUserSeesAHandedDirectoryItCannotWalkTo() async throws {
        let account = try #require(UserAccount.named("postgres"))
        try await withTemporaryDirectory { home in
            #expect(mkdir("\(home)/inner", 0o755) == 0)
            let text = try await RunningProcess.run(
                shell(
                    "id -un; ls \(home)/inner 2>&1 | head -1; cd /proc/self/fd/3 && echo entered", user: account,
                    handed: try DirectoryHandle(path: "\(home)/inner")))
            #expect(text.contains("postgres"))
            #expect(text.contains("Permission denied"))
            #expect(text.contains("entered"))
        }
    }

    @Test func theDescriptorLimitIsRaisedToTheHardOne() async throws {
        #expect(ProcessLimits.raiseDescriptorLimit() > 0)
        let limits = try await RunningProcess.run(shell("ulimit -Sn; ulimit -Hn")).split(separator: "\n")
        #expect(limits.count == 2 && limits[0] == limits[1])
    }
}

/// A directory of mode 0700, removed afterwards.
func withTemporaryDirectory<Value: Sendable>(_ body: (String) async throws -> Value) async throws -> Value {
    var template = Array("/tmp/forma3d-dir-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ProcessFailure("no temporary directory") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    func remove() async throws { try await RunningProcess.run(Command("/bin/rm", ["-rf", "--", path])) }
    do {
        let value = try await body(path)
        try await remove()
        return value
    } catch {
        try? await remove()
        throw error
    }
}
