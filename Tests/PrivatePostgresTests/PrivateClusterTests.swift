import Glibc
import Logging
import Postgres
import PrivatePostgres
import Processes
import TestKit
import Testing

/// The private PostgreSQL through everything that can happen to it. One after the other: each starts servers.
@Suite(.serialized) struct PrivateClusterTests {
    private func open(_ directory: String, logger: Logger = .quiet) async throws -> PrivateCluster {
        try await PrivateCluster.open(dataDirectory: directory, tuning: ["fsync": "off"], logger: logger)
    }

    /// Runs `body` on a cluster of its own, and stops what runs in the directory afterwards.
    private func withCluster<Value: Sendable>(
        in subdirectory: String = "data", _ body: (PrivateCluster, String) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { home in
            let directory = home + "/" + subdirectory
            let cluster = try await open(directory)
            do {
                let value = try await body(cluster, directory)
                await cluster.stop()
                return value
            } catch {
                await cluster.stop()
                throw error
            }
        }
    }

    @discardableResult
    private func withDatabase<Value: Sendable>(
        _ cluster: PrivateCluster, _ body: (Database) async throws -> Value
    ) async throws -> Value {
        let database = Database(DatabaseConfiguration(url: cluster.databaseURL, poolSize: 3), logger: .quiet)
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    private func expectAnswer(_ cluster: PrivateCluster) async throws {
        let touched = try await withDatabase(cluster) { try await $0.execute("SELECT 1") }
        #expect(touched == 1)
    }

    private func expectKept(_ cluster: PrivateCluster) async throws {
        let row = try await withDatabase(cluster) { try await $0.query("SELECT n FROM kept").first }
        #expect(try row?("n") == 7)
    }

    private func setting(_ name: String, _ database: Database) async throws -> String {
        let row = try await database.query("SELECT current_setting(\(name)) AS value").first
        return try #require(try row?("value"))
    }

    /// As a program that died by `kill -9` leaves it: the server runs, the lock is free.
    private func abandon(_ cluster: PrivateCluster) { cluster.releaseOwnershipAsIfKilled() }

    @Test func aNewClusterIsAsItShouldBe() async throws {
        try await withCluster { cluster, directory in
            #expect(cluster.isSoleOwner)
            #expect(!cluster.wasAdopted)
            try await withDatabase(cluster) { database in
                #expect(try await setting("server_encoding", database) == "UTF8")
                #expect(try await setting("lc_collate", database) == "C")
                #expect(try await setting("data_checksums", database) == "on")
                #expect(try await setting("listen_addresses", database) == "")
                let upper = try await database.query("SELECT upper('straßé') AS word").first
                #expect(try upper?("word") == "STRAßÉ")
                let role = try await database.query("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").first
                #expect(try role?("rolsuper") == false)
                // Its own schema is its own to make.
                try await database.execute("CREATE SCHEMA own")
            }
            var status = stat()
            #expect(stat(cluster.socketDirectory, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
            #expect(stat(directory + "/postgres", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
            #expect(
                status.st_uid
                    == (UserAccount.named("postgres").flatMap { UserAccount.isRoot ? $0.userID : nil }
                        ?? UserAccount.currentUserID))
        }
    }

    @Test func stoppingLeavesNothingRunningAndTheNextStartFindsTheData() async throws {
        try await withTemporaryDirectory { home in
            let first = try await open(home)
            try await withDatabase(first) { try await $0.execute("CREATE TABLE kept AS SELECT 7 AS n") }
            await first.stop()
            await first.stop()
            #expect(!first.isSoleOwner)
            #expect(kill(first.processID, 0) != 0)
            #expect(access(first.socketDirectory, F_OK) != 0)
            let second = try await open(home)
            #expect(!second.wasAdopted)
            try await expectKept(second)
            await second.stop()
        }
    }

    /// Root's home is 0700 and the user postgres cannot walk through it; a temporary directory is the same.
    @Test(.enabled(if: UserAccount.isRoot))
    func rootWithAClosedHomeHasAServerToo() async throws {
        try await withCluster(in: "deep/er/data") { cluster, directory in
            var status = stat()
            #expect(stat(directory.replacing("/deep/er/data", with: ""), &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700 && status.st_uid == 0)
            try await withDatabase(cluster) { database in
                try await database.execute("CREATE TABLE big AS SELECT i FROM generate_series(1, 50000) i")
                #expect(try await database.query("SELECT count(*) AS n FROM big").first?("n") == 50_000)
            }
        }
    }

    @Test func aPathOf200BytesIsNotTooLong() async throws {
        let long = String(repeating: "d", count: 100) + "/" + String(repeating: "ü", count: 50)
        try await withCluster(in: long) { cluster, directory in
            #expect(directory.utf8.count > 200)
            #expect("\(cluster.socketDirectory)/.s.PGSQL.5432".utf8.count < 108)
            try await expectAnswer(cluster)
        }
    }

    @Test func aSecondOwnerIsRefusedAndToldWhoTheFirstIs() async throws {
        try await withCluster { cluster, directory in
            do {
                _ = try await open(directory)
                Issue.record("there is an owner")
            } catch let error as PrivateClusterError {
                #expect(error.description.contains("process \(getpid())"))
            }
            try await expectAnswer(cluster)
        }
    }

    @Test func theServerOfAKilledProgramIsAdopted() async throws {
        try await withTemporaryDirectory { home in
            let first = try await open(home)
            try await withDatabase(first) { try await $0.execute("CREATE TABLE kept AS SELECT 7 AS n") }
            abandon(first)
            let second = try await open(home)
            #expect(second.wasAdopted)
            #expect(second.isSoleOwner)
            #expect(second.processID == first.processID)
            try await expectKept(second)
            await second.stop()
            try await eventually("the adopted server has ended") { !isRunning(second.processID) }
        }
    }

    @Test func aPostmasterKilledDuringAQueryIsReplaced() async throws {
        try await withCluster { cluster, _ in
            let supervision = Task { try await cluster.run() }
            try await withDatabase(cluster) { database in
                try await database.execute("CREATE TABLE kept AS SELECT 7 AS n")
                let query = Task { try await database.query("SELECT pg_sleep(60)") }
                try await eventually("the query runs") { try await isSleeping(database) }
                let before = cluster.processID
                kill(before, SIGKILL)
                await #expect(throws: PostgresError.self) { _ = try await query.value }
                try await eventually(within: .seconds(30), "the server is back") {
                    (try? await database.execute("SELECT 1")) == 1 && cluster.processID != before
                }
                #expect(try await database.query("SELECT n FROM kept").first?("n") == 7)
                try await eventually("the orphan has ended") { try await !isSleeping(database) }
            }
            supervision.cancel()
            await #expect(throws: CancellationError.self) { try await supervision.value }
        }
    }

    /// The pool lives through a restart of the server: callers fail while it is away and succeed when it is back.
    @Test func aPoolLivesThroughARestart() async throws {
        try await withCluster { cluster, _ in
            let supervision = Task { try await cluster.run() }
            try await withDatabase(cluster) { database in
                for _ in 0..<3 {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<3 { group.addTask { try await database.execute("SELECT pg_sleep(0.02)") } }
                        try await group.waitForAll()
                    }
                    let before = cluster.processID
                    kill(before, SIGINT)
                    try await eventually(within: .seconds(30), "the server is back") {
                        (try? await database.execute("SELECT 1")) == 1 && cluster.processID != before
                    }
                }
            }
            supervision.cancel()
            _ = try? await supervision.value
        }
    }

    /// Program and postmaster killed while a backend works: the backend still holds the shared memory.
    @Test func bothKilledLeaveAnOrphanThatTheNextStartEnds() async throws {
        try await withTemporaryDirectory { home in
            let first = try await open(home)
            try await withDatabase(first) { database in
                try await database.execute("CREATE TABLE kept AS SELECT 7 AS n")
                let busy = Task { try await database.query("SELECT count(*) FROM generate_series(1, 100000000000)") }
                var orphan: Int32 = 0
                try await eventually("the backend works") {
                    let row = try await database.query(
                        """
                        SELECT pid FROM pg_stat_activity
                         WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()
                        """
                    ).first
                    guard let row else { return false }
                    let number: Int = try row("pid")
                    orphan = Int32(number)
                    return true
                }
                abandon(first)
                kill(first.processID, SIGKILL)
                try await eventually("the postmaster is gone") { !isRunning(first.processID) }
                #expect(isRunning(orphan))
                let second = try await open(home)
                #expect(!second.wasAdopted)
                #expect(!isRunning(orphan))
                try await expectKept(second)
                await second.stop()
                await #expect(throws: PostgresError.self) { _ = try await busy.value }
            }
        }
    }

    /// After a crash of the machine, the number in the process file can be anybody's.
    @Test func aReusedProcessNumberIsNotTakenForTheServer() async throws {
        try await withTemporaryDirectory { home in
            let first = try await open(home)
            await first.stop()
            let stranger = try RunningProcess.start(Command("/bin/sleep", ["600"], workingDirectory: "/"))
            let text = "\(stranger.processID)\n\(home)/postgres\n1\n5432\n\(first.socketDirectory)\n\n  1 1\nready   \n"
            let file = try #require(fopen("\(home)/postgres/postmaster.pid", "w"))
            fputs(text, file)
            fclose(file)
            let second = try await open(home)
            #expect(!second.wasAdopted)
            #expect(stranger.isRunning)
            await second.stop()
            stranger.signal(SIGKILL)
            _ = await stranger.wait()
        }
    }

    @Test func aServerWhoseSocketWasClearedAwayIsReplaced() async throws {
        try await withTemporaryDirectory { home in
            let first = try await open(home)
            abandon(first)
            unlink("\(first.socketDirectory)/.s.PGSQL.5432")
            let second = try await open(home)
            #expect(!second.wasAdopted)
            try await expectAnswer(second)
            await second.stop()
        }
    }

    @Test func aSocketDirectoryOpenToOthersIsNotUsed() async throws {
        try await withTemporaryDirectory { home in
            let first = try await open(home)
            await first.stop()
            #expect(mkdir(first.socketDirectory, 0o755) == 0)
            chmod(first.socketDirectory, 0o755)
            let second = try await open(home)
            #expect(second.socketDirectory != first.socketDirectory)
            await second.stop()
            rmdir(first.socketDirectory)
        }
    }

    @Test func anUnfinishedClusterIsMadeAnew() async throws {
        try await withTemporaryDirectory { home in
            #expect(mkdir("\(home)/postgres.new", 0o700) == 0)
            #expect(mkdir("\(home)/postgres.new/base", 0o700) == 0)
            let cluster = try await open(home)
            try await expectAnswer(cluster)
            await cluster.stop()
            #expect(access("\(home)/postgres.new", F_OK) != 0)
        }
    }

    @Test func dataOfAVersionThatIsNotInstalledIsRefusedWithTheUpgradeCommand() async throws {
        try await withTemporaryDirectory { home in
            let cluster = try await open(home)
            await cluster.stop()
            let file = try #require(fopen("\(home)/postgres/PG_VERSION", "w"))
            fputs("11\n", file)
            fclose(file)
            do {
                _ = try await open(home)
                Issue.record("version 11 is not there")
            } catch let error as PrivateClusterError {
                #expect(error.description.contains("PostgreSQL 11"))
                #expect(error.description.contains("apt-get install postgresql-11"))
                #expect(error.description.contains("pg_upgrade"))
            }
        }
    }

    // MARK: backups

    @Test func aBackupOfARunningAndOfAStoppedClusterCanBeRestored() async throws {
        try await withTemporaryDirectory { home in
            let cluster = try await open(home + "/data")
            try await withDatabase(cluster) { try await $0.execute("CREATE TABLE kept AS SELECT 7 AS n") }
            try await DatabaseBackup.write(databaseURL: cluster.databaseURL, to: home + "/first.dump")
            // Beside the owner, as `forma3d backup` does.
            try await PrivateCluster.withDatabaseURL(dataDirectory: home + "/data", logger: .quiet) { url in
                try await DatabaseBackup.write(databaseURL: url, to: home + "/second.dump")
            }
            await cluster.stop()
            try await PrivateCluster.withDatabaseURL(dataDirectory: home + "/data", logger: .quiet) { url in
                try await DatabaseBackup.write(databaseURL: url, to: home + "/third.dump")
            }
            let fresh = try await open(home + "/other")
            for name in ["first", "second", "third"] {
                var status = stat()
                #expect(stat("\(home)/\(name).dump", &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600)
                var environment = try PostgresURL(fresh.databaseURL).environment()
                environment["PATH"] = "/usr/bin:/bin"
                try await RunningProcess.run(
                    Command(
                        "/usr/bin/pg_restore",
                        ["--clean", "--if-exists", "--no-owner", "--dbname=forma3d", "\(home)/\(name).dump"],
                        environment: environment))
                try await expectKept(fresh)
            }
            await fresh.stop()
        }
    }

    @Test func aBackupThatFailsLeavesTheOldOneAlone() async throws {
        try await withTemporaryDirectory { home in
            let path = home + "/old.dump"
            let file = try #require(fopen(path, "w"))
            fputs("old", file)
            fclose(file)
            await #expect(throws: PrivateClusterError.self) {
                try await DatabaseBackup.write(databaseURL: "postgresql://u:secret@127.0.0.1:1/d", to: path)
            }
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_size == 3)
            #expect(access(path + ".unfinished", F_OK) != 0)
        }
    }

    private func isRunning(_ processID: Int32) -> Bool {
        // A zombie has no working directory.
        access("/proc/\(processID)/cwd/.", F_OK) == 0
    }

    private func isSleeping(_ database: Database) async throws -> Bool {
        try await !database.query(
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
        ).isEmpty
    }
}
