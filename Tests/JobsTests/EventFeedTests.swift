import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct EventFeedTests {
    @Test func cursorsAreReadAsTheyAreWritten() {
        let cursor = EventCursor(transaction: 812, sequence: 40_117)
        #expect(EventCursor(cursor.description) == cursor)
        for text in ["", "1", "1-", "-1", "1-2-3", "x-1", "99999999999999999999-1"] {
            #expect(EventCursor(text) == nil)
        }
        #expect(EventCursor.start < cursor)
    }

    @Test func whatCommitsLateIsNeitherSkippedNorRepeated() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let feed = EventFeed(database: database, outbox: bench.outbox)
            func append(_ number: Int, in transaction: Transaction) async throws {
                try await bench.outbox.append(
                    SomethingHappened(number: number), about: subject(), source: "test", in: transaction)
            }
            let isWritten = Gate()
            let mayCommit = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await database.transaction { transaction in
                        try await append(1, in: transaction)
                        // An event travels with the next statement; now it has its place.
                        try await transaction.execute("SELECT 1")
                        await isWritten.open()
                        await mayCommit.pass()
                    }
                }
                await isWritten.pass()
                try await database.transaction { try await append(2, in: $0) }
                #expect(try await feed.read(after: .start, limit: 10).isEmpty, "behind one that is still open")
                await mayCommit.open()
                try await group.waitForAll()
            }
            // The horizon is one for the whole server, and other tests have transactions, too.
            try await eventually("both are below the horizon") {
                try await feed.read(after: .start, limit: 10).count == 2
            }
            let all = try await feed.read(after: .start, limit: 10)
            #expect(all.map(\.event.data) == [#"{"number": 1}"#, #"{"number": 2}"#])
            #expect(try await feed.read(after: all[0].cursor, limit: 10).map(\.cursor) == [all[1].cursor])
            #expect(try await feed.read(after: all[1].cursor, limit: 10, waitSeconds: 0.01).isEmpty)
        }
    }

    @Test func aFollowerSeesEveryEventOnceWhateverBreaks() async throws {
        try await withDatabase(poolSize: 12) { database in
            let bench = Bench(database)
            let feed = EventFeed(database: database, outbox: bench.outbox)
            let system = bench.system([])
            let seen = Notes<String>()
            let writers = 6
            let each = 25
            try await whileRunning(system) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for await entry in feed.following(after: .start) {
                            seen.add(entry.event.data)
                            if seen.count == writers * each { return }
                        }
                    }
                    for writer in 0..<writers {
                        group.addTask {
                            for number in 0..<each {
                                try await database.transaction { transaction in
                                    try await bench.outbox.append(
                                        SomethingHappened(number: writer * 1000 + number), about: subject(),
                                        source: "test", in: transaction)
                                    for _ in 0..<(writer * 3) { await Task.yield() }
                                }
                            }
                        }
                    }
                    for _ in 0..<5 {
                        try await database.execute(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND query LIKE 'LISTEN%'
                            """)
                    }
                    try await group.waitForAll()
                }
            }
            #expect(seen.count == writers * each)
            #expect(Set(seen.all).count == writers * each)
        }
    }
}
