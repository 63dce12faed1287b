import Artefacts
import GridFlock
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// A wish becomes one design, and its files come from one job.
@Suite(.timeLimit(.minutes(5))) struct DesignTests {
    @Test func theSameWishIsOneDesign() async throws {
        try await PlateRoom.with { room in
            let first = try await room.designs.want(PlateRoom.draft("plate"))
            let second = try await room.designs.want(PlateRoom.draft("plate"))
            let other = try await room.designs.want(PlateRoom.draft("another plate"))
            #expect(first.isNew && !second.isNew && other.isNew)
            #expect(first.design.id == second.design.id && first.design.id != other.design.id)
            #expect(first.design.state == .queued)
            #expect(try await room.ready() == 2)
            #expect(try await room.events("gridflock.design-created") == 2)
        }
    }

    @Test func twentyWishesAtOnceAreOneDesignAndOneJob() async throws {
        try await PlateRoom.with { room in
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        let (design, isNew) = try await room.designs.want(PlateRoom.draft("plate"))
                        return (design.id, isNew)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.0)).count == 1)
            #expect(answers.filter(\.1).count == 1)
            #expect(try await room.ready() == 1)
            #expect(try await room.events("gridflock.design-created") == 1)
        }
    }

    @Test func theFilesAreMadeAndKept() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            try await room.generate(design)
            let made = try await room.designs.design(design.id)
            #expect(made.state == .ready && made.generatorRevision == 1 && made.attention == nil)
            #expect(made.files.map(\.name) == ["segment-1.stl", "plan.svg"])
            #expect(made.files[0].facts?[0]?["triangleCount"] == 12)
            for file in made.files {
                let bytes = try #require(try await room.designs.bytes(of: file, made))
                #expect(bytes.count == file.sizeBytes)
            }
            #expect(try await room.events("gridflock.design-ready") == 1)
            // A second run finds nothing to do.
            try await room.generate(design)
            #expect(room.maker.now.calls == 1)
            #expect(try await room.events("gridflock.design-ready") == 1)
        }
    }

    @Test func aRunThatDiedInTheMiddleIsTakenUpAgain() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            // The first half ran, then the worker was killed: the design has nothing of it.
            _ = try await room.firstHalf(design)
            #expect(try await room.designs.design(design.id).state == .generating)
            #expect(try await room.designs.want(PlateRoom.draft("plate")).design.state == .generating)
            try await room.generate(design)
            #expect(try await room.designs.design(design.id).state == .ready)
        }
    }

    /// The second run makes the files that the first one kept before it was killed: they are there once.
    @Test func aRunThatDiesBetweenFilesIsRepeatedSafely() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            room.maker.change {
                $0.beforeFile = { if $0 == 1 { throw PostgresError(kind: .connectionLost, message: "") } }
            }
            await #expect(throws: PostgresError.self) { try await room.generate(design) }
            #expect(try await room.artefactCount() == 1, "the first file is kept already")
            let between = try await room.designs.design(design.id)
            #expect(between.state == .generating && between.files.isEmpty)
            room.maker.change { $0.beforeFile = nil }
            try await room.generate(design)
            let made = try await room.designs.design(design.id)
            #expect(made.state == .ready && made.files.count == 2)
            #expect(try await room.artefactCount() == 2)
        }
    }

    @Test func aFileThatWentWhileTheLastWasMadeIsMadeAgain() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            let commit = try #require(try await room.firstHalf(design))
            try await room.database.execute("DELETE FROM artefacts.artefact WHERE media_type = 'model/stl'")
            let failure = await #expect(throws: JobFailure.self) {
                try await room.database.transaction { try await commit($0) }
            }
            #expect(failure?.retryVerdict != .rejected)
            #expect(try await room.designs.design(design.id).state == .generating)
            try await room.generate(design)
            #expect(try await room.designs.design(design.id).state == .ready)
        }
    }

    @Test func twoRunsOfOneDesignKeepOneSetOfFiles() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            let late = try #require(try await room.firstHalf(design))
            try await room.generate(design)
            try await room.database.transaction { try await late($0) }
            #expect(try await room.designs.design(design.id).files.count == 2)
            #expect(try await room.events("gridflock.design-ready") == 1)
        }
    }

    @Test func whatCannotBeMadeSaysWhyAndCanBeAskedForAgain() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            room.maker.change { $0.refusal = "Segment 3 is not closed." }
            await #expect(throws: JobFailure.rejected("Segment 3 is not closed.")) { try await room.generate(design) }
            try await room.bury(design, reason: "Segment 3 is not closed.")
            let failed = try await room.designs.design(design.id)
            #expect(failed.state == .failed)
            #expect(failed.attention?.reason == "Segment 3 is not closed.")
            #expect(failed.attention?.action.contains(design.id.description) == true)
            #expect(try await room.events("gridflock.design-failed") == 1)
            room.maker.change { $0.refusal = nil }
            try await room.database.execute("DELETE FROM jobs.job")
            #expect(try await room.designs.wantAgain(design.id).state == .queued)
            #expect(try await room.ready() == 1)
            try await room.generate(design)
            let made = try await room.designs.design(design.id)
            #expect(made.state == .ready && made.attention == nil)
        }
    }

    @Test func aRunThatTakesTooLongEndsItself() async throws {
        var limits = GridFlockLimits()
        limits.generationSeconds = 0.05
        try await PlateRoom.with(limits) { room in
            room.maker.change { script in
                script.pause = { sign in while true { try sign.check() } }
            }
            let design = try await room.want()
            // A busy server may be in time later; a wish that is too much for it is given up with what would help.
            await #expect(throws: JobFailure.notNow("Making the files took longer than 0.05 s.")) {
                try await room.generate(design)
            }
            await #expect(throws: JobFailure.notNow("Making the files took longer than 0.05 s.")) {
                try await room.generate(design, claims: 2)
            }
            let given = await #expect(throws: JobFailure.self) { try await room.generate(design, claims: 3) }
            #expect(given?.retryVerdict == .rejected)
            #expect(given?.operatorMessage.contains("GRIDFLOCK_TIMEOUT_SECONDS") == true)
        }
    }

    @Test func waitingForAThreadIsNoWork() async throws {
        let sign = StopSign(seconds: 0)
        #expect(throws: Never.self) { try sign.check() }
        #expect(throws: StopSign.Raised.self) { try sign.working { try sign.check() } }
        #expect(throws: Never.self) { try sign.check() }
        let late = StopSign(seconds: 1_000, deadline: .now)
        #expect(throws: StopSign.Raised.self) { try late.check() }
        #expect(throws: StopSign.Raised.self) { try late.working { try late.check() } }
        // What was worked before counts.
        let patient = StopSign(seconds: 0.001)
        let began = ContinuousClock.now
        try patient.working { while ContinuousClock.now - began < .milliseconds(2) {} }
        #expect(patient.worked >= .milliseconds(2))
        #expect(throws: StopSign.Raised.self) { try patient.working { try patient.check() } }
    }

    @Test func aCancelledRunStopsTheThread() async throws {
        try await PlateRoom.with { room in
            let (started, start) = AsyncStream<Void>.makeStream()
            room.maker.change { script in
                script.pause = { sign in
                    start.yield()
                    while true { try sign.check() }
                }
            }
            let design = try await room.want()
            await withThrowingTaskGroup { group in
                group.addTask { try await room.generate(design) }
                for await _ in started { break }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            #expect(try await room.designs.design(design.id).state == .generating)
        }
    }

    @Test func aPageListsThemNewestFirst() async throws {
        try await PlateRoom.with { room in
            var ids: [String] = []
            for number in 0..<5 { ids.append(try await room.want("plate \(number)").id.description) }
            let page = try await room.designs.page(state: nil, before: nil, limit: 3)
            #expect(page.map(\.id.description) == ids.reversed().prefix(3).map { $0 })
            let rest = try await room.designs.page(state: .queued, before: page.last?.id, limit: 3)
            #expect(rest.map(\.id.description) == [ids[1], ids[0]])
            #expect(try await room.designs.page(state: .ready, before: nil, limit: 3).isEmpty)
        }
    }

    @Test func aDesignIsNamedByItsWish() async throws {
        try await PlateRoom.with { room in
            let draft = PlateRoom.draft("plate")
            let lying = DesignDraft(
                canonical: "another", digest: draft.digest, request: draft.request, drawerWidthTenthMicrometres: 1,
                drawerDepthTenthMicrometres: 1, partCount: 1)
            await #expect(throws: PostgresError.self) { try await room.designs.want(lying) }
        }
    }
}
