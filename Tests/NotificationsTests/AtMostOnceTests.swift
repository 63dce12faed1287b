import Contracts
import HTTPWire
import Jobs
import Kernel
import Notifications
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Forma3DSandbox

/// No mail and no push message twice, whatever fails and wherever; and nobody need guess which may not have gone.
@Suite(.timeLimit(.minutes(5)), .serialized) struct AtMostOnceTests {
    static let mails = 6
    static let effectPoints: [FaultPoints.Point] = [
        .beforeIntentCommit, .afterIntentCommit, .beforeSend, .afterSend, .beforeCompletionCommit,
        .afterCompletionCommit,
    ]

    private struct Dropped: Error {}

    /// What stands in the ledger, against what the operator is shown.
    private func check(
        _ room: NoticeRoom, unknown: ClosedRange<Int>, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let mails = try await room.mailIDs()
        let pushes = try await room.pushTopics()
        #expect(Set(mails).count == mails.count, "a mail went twice", sourceLocation: sourceLocation)
        #expect(Set(pushes).count == pushes.count, "a push message went twice", sourceLocation: sourceLocation)
        let states = try await room.states()
        #expect(states.allSatisfy { ["made", "unknown"].contains($0) }, "\(states)", sourceLocation: sourceLocation)
        let unknownCount = states.filter { $0 == "unknown" }.count
        #expect(unknown.contains(unknownCount), "\(unknownCount) are unknown", sourceLocation: sourceLocation)
        // What is not unknown has gone; and every unknown one is on the operator's list.
        #expect(mails.count + pushes.count >= states.count - unknownCount, sourceLocation: sourceLocation)
        let shown = try await room.effects().unsettled(olderThanSeconds: 0)
        #expect(shown.count == unknownCount, sourceLocation: sourceLocation)
        #expect(shown.allSatisfy { $0.state == .unknown }, sourceLocation: sourceLocation)
    }

    @Test(arguments: effectPoints)
    func aConnectionThatBreaksThere(point: FaultPoints.Point) async throws {
        try await NoticeRoom.with(mails: Self.mails) { room in
            try await room.subscribe()
            let hits = Atomic<Int>(0)
            let faults = FaultPoints { reached in
                // Once for each delivery, and for the telling before them.
                guard reached == point, hits.wrappingAdd(1, ordering: .relaxed).oldValue <= Self.mails + 1 else {
                    return
                }
                throw Dropped()
            }
            try await room.whileRunning(room.system(faults)) {
                try await room.sayFailed()
                try await room.settled(Self.mails + 1)
            }
            #expect(hits.load(ordering: .relaxed) > Self.mails)
            let mayBeUnknown = [.afterSend, .beforeCompletionCommit].contains(point)
            try await check(room, unknown: mayBeUnknown ? 0...(Self.mails + 1) : 0...0)
        }
    }

    /// Frozen past its lease: another process takes over, then the frozen one goes on as if nothing had been.
    @Test(arguments: [FaultPoints.Point.beforeSend, .afterSend])
    func aProcessThatIsFrozenThere(point: FaultPoints.Point) async throws {
        try await NoticeRoom.with(mails: Self.mails) { room in
            try await room.subscribe()
            let ice = Ice()
            let faults = FaultPoints { reached in
                if reached == point { await ice.freeze() }
                if reached == .beforeHeartbeat { await ice.waitIfFrozen() }
            }
            try await room.whileRunning(room.system { $0.name.hasPrefix("notifications.tell") }) {
                try await room.sayFailed()
                try await eventually("the telling") { try await room.states().count == Self.mails + 1 }
            }
            try await room.whileRunning(room.system(faults) { $0.name.hasPrefix("notifications.send") }) {
                do {
                    try await takeOver(from: ice, at: point, in: room)
                } catch {
                    // What stays frozen could never be stopped.
                    await ice.thawForGood()
                    throw error
                }
                await ice.thawForGood()
                try await room.settled(Self.mails + 1)
            }
            try await check(room, unknown: (Self.mails + 1)...(Self.mails + 1))
        }
    }

    private func takeOver(from ice: Ice, at point: FaultPoints.Point, in room: NoticeRoom) async throws {
        try await eventually("the sending is frozen") {
            if point == .beforeSend { return await ice.frozenCount >= Self.mails + 1 }
            return try await room.mailIDs().count + room.pushTopics().count == Self.mails + 1
        }
        try await room.moveClock(bySeconds: 3_600)
        try await room.whileRunning(room.system()) {
            try await eventually("the other one has taken over") {
                try await room.states().filter { $0 == "unknown" }.count == Self.mails + 1
            }
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let fault: String
        var status = 451
        let unknown: ClosedRange<Int>
        var testDescription: String { "\(fault) \(status)" }
    }

    private static let all = mails + 1

    @Test(arguments: [
        Case(fault: "dropBefore", unknown: all...all), Case(fault: "dropAfter", unknown: all...all),
        Case(fault: "late", unknown: all...all), Case(fault: "delay", unknown: 0...0),
        Case(fault: "throttle", unknown: 0...0),
    ])
    func aFarSideThatFails(_ given: Case) async throws {
        try await NoticeRoom.with(mails: Self.mails) { room in
            try await room.subscribe()
            _ = try await room.control(
                "faults",
                .array(
                    [("mail", Self.mails), ("push", 1)].map { vendor, times in
                        [
                            "vendor": .string(vendor), "call": "send", "fault": .string(given.fault),
                            "delayMs": 200, "times": .integer(times),
                        ]
                    }))
            try await room.whileRunning(room.system(), room.system()) {
                try await room.sayFailed()
                try await settledMovingTheClock(room)
            }
            if given.fault == "late" {
                try await eventually("the late ones arrive") { try await room.mailIDs().count == Self.mails }
            }
            try await check(room, unknown: given.unknown)
        }
    }

    /// "Not now" pauses the vendor's circuit: time has to pass.
    private func settledMovingTheClock(_ room: NoticeRoom) async throws {
        try await eventually("every delivery is settled") {
            let states = try await room.states()
            if states.count == Self.all, !states.contains(where: { ["planned", "sent"].contains($0) }) { return true }
            if try await room.database.query("SELECT 1 AS one FROM jobs.job WHERE not_now_count > 0").count > 0 {
                try await room.moveClock(bySeconds: 30)
            }
            return false
        }
    }

    @Test func aRefusalIsRefusedAndNotUnknown() async throws {
        try await NoticeRoom.with { room in
            _ = try await room.control(
                "faults", [["vendor": "mail", "call": "send", "fault": "status", "status": 550, "times": 1]])
            try await room.whileRunning(room.system()) {
                try await room.sayFailed()
                try await room.settled(1)
            }
            #expect(try await room.states() == ["refused"])
            #expect(try await room.mailIDs().isEmpty)
            #expect(try await room.effects().unsettled(olderThanSeconds: 0).allSatisfy { $0.state != .unknown })
        }
    }
}

/// Holds whoever comes until it thaws.
private actor Ice {
    private var isMelted = false
    private var frozen: [CheckedContinuation<Void, Never>] = []
    private(set) var frozenCount = 0

    func freeze() async {
        guard !isMelted else { return }
        frozenCount += 1
        await withCheckedContinuation { frozen.append($0) }
    }

    func waitIfFrozen() async {
        guard !isMelted, frozenCount > 0 else { return }
        await withCheckedContinuation { frozen.append($0) }
    }

    func thaw() {
        for one in frozen { one.resume() }
        frozen = []
        frozenCount = 0
    }

    func thawForGood() {
        isMelted = true
        thaw()
    }
}
