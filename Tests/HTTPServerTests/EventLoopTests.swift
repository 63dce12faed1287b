import EventLoop
import Glibc
import Logging
import Synchronization
import TestKit
import Testing

@Suite struct EventLoopTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func runsClosuresInOrderOnItsThread() async throws {
        let loop = EventLoop(name: "order", logger: logger)
        let log = EventLog()
        for number in 0..<1_000 {
            loop.submit {
                loop.preconditionCurrent()
                log.note("\(number)")
            }
        }
        try await eventually("all have run") { log.all.count == 1_000 }
        #expect(log.all == (0..<1_000).map(String.init))
        loop.shutDown()
    }

    @Test func timersFireInTheirOrderAndNotWhenCancelled() async throws {
        let loop = EventLoop(name: "timers", logger: logger)
        let log = EventLog()
        for milliseconds in [40, 10, 30, 20, 10] {
            loop.schedule(afterSeconds: Double(milliseconds) / 1_000) { log.note("\(milliseconds)") }
        }
        let cancelled = loop.schedule(afterSeconds: 0.005) { log.note("cancelled") }
        cancelled.cancel()
        try await eventually("all have fired") { log.all.count == 5 }
        #expect(log.all == ["10", "10", "20", "30", "40"])
        loop.shutDown()
    }

    @Test func manyTimersOfWhichMostAreCancelled() async throws {
        let loop = EventLoop(name: "many", logger: logger)
        let log = EventLog()
        for number in 0..<10_000 {
            let timer = loop.schedule(afterSeconds: Double((number * 7_919) % 100) / 10_000) {
                log.note("fired")
            }
            if number % 10 != 0 { timer.cancel() }
        }
        try await eventually("the others have fired") { log.all.count == 1_000 }
        loop.shutDown()
    }

    @Test func tasksWithItsPreferenceStayOnIt() async {
        let loop = EventLoop(name: "tasks", logger: logger)
        await withTaskExecutorPreference(loop) {
            #expect(loop.isCurrent)
            await Task.yield()
            #expect(loop.isCurrent)
            async let child = loop.isCurrent
            #expect(await child)
            try? await Task.sleep(for: .milliseconds(1))
            #expect(loop.isCurrent)
        }
        #expect(!loop.isCurrent)
        loop.shutDown()
    }

    @Test func watchesADescriptor() async throws {
        let loop = EventLoop(name: "watch", logger: logger)
        let log = EventLog()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        let registration = Mutex<Registration?>(nil)
        loop.execute {
            let made = try? loop.register(reading, for: .readable) { readiness in
                var byte: UInt8 = 0
                if readiness.contains(.readable), read(reading, &byte, 1) == 1 { log.note("\(byte)") }
            }
            registration.withLock { $0 = made }
        }
        for byte: UInt8 in 1...3 { withUnsafePointer(to: byte) { _ = write(writing, $0, 1) } }
        try await eventually("three bytes are read") { log.all == ["1", "2", "3"] }
        loop.execute {
            if let made = registration.withLock({ $0 }) { loop.deregister(made) }
            log.note("deregistered")
        }
        try await eventually("the watch has ended") { log.contains("deregistered") }
        withUnsafePointer(to: UInt8(4)) { _ = write(writing, $0, 1) }
        loop.shutDown()
        #expect(!log.contains("4"))
        close(reading)
        close(writing)
    }

    @Test func whatComesAfterTheEndStillRuns() async {
        let loop = EventLoop(name: "late", logger: logger)
        let log = EventLog()
        loop.submit { log.note("before") }
        loop.shutDown()
        loop.shutDown()
        loop.execute {
            loop.execute { log.note("nested") }
            log.note("late")
        }
        #expect(log.all == ["before", "nested", "late"])
        let answer = await withTaskExecutorPreference(loop) { 42 }
        #expect(answer == 42)
    }
}

@Suite struct BlockingPoolTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private struct Wrong: Error {}

    @Test func runsClosuresAndPassesErrorsOn() async throws {
        let pool = BlockingPool(name: "pool", threadsMaximum: 2, logger: logger)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...100 { group.addTask { try await pool.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 5_050)
        await #expect(throws: Wrong.self) { try await pool.run { throw Wrong() } }
        pool.shutDown()
        await #expect(throws: BlockingPool.Failure.shutDown) { try await pool.run { 1 } }
    }

    @Test func refusesBeyondItsQueueAndSkipsTheCancelled() async throws {
        let pool = BlockingPool(name: "full", threadsMaximum: 1, queueMaximum: 1, logger: logger)
        let log = EventLog()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await pool.run {
                    log.note("started")
                    while !log.contains("release") { sched_yield() }
                }
            }
            try await eventually("the only thread is busy") { log.contains("started") }
            // Runs up to its first suspension at once: its closure is in the queue when this returns.
            let waiting = Task.immediate { try await pool.run { log.note("ran") } }
            await #expect(throws: BlockingPool.Failure.queueFull(limit: 1)) { try await pool.run {} }
            waiting.cancel()
            log.note("release")
            await #expect(throws: CancellationError.self) { try await waiting.value }
            try await group.waitForAll()
        }
        #expect(!log.contains("ran"))
        pool.shutDown()
    }
}
