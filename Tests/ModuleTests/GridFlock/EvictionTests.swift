import Artefacts
import GridFlock
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// Files that can be made again make room, and come back the same.
@Suite(.timeLimit(.minutes(5))) struct EvictionTests {
    private func made(_ text: String, _ room: PlateRoom) async throws -> Design {
        let design = try await room.want(text)
        try await room.generate(design)
        return try await room.designs.design(design.id)
    }

    private func state(_ design: Design, _ room: PlateRoom) async throws -> DesignState {
        try await room.designs.design(design.id).state
    }

    @Test func filesThatNobodyAsksForGoAndComeBackTheSame() async throws {
        try await PlateRoom.with { room in
            let design = try await made("plate", room)
            try await room.pass(days: 89)
            try await room.evict()
            #expect(try await state(design, room) == .ready)
            try await room.pass(days: 2)
            try await room.evict()
            #expect(try await state(design, room) == .evicted)
            let remembered = try await room.designs.design(design.id)
            #expect(remembered.files == design.files, "what they were stays known")
            // Asking for the file has it made again.
            #expect(try await room.designs.bytes(of: design.files[0], design) == nil)
            try await room.designs.wantLost(design.id)
            #expect(try await state(design, room) == .queued)
            try await room.generate(design)
            let again = try await room.designs.design(design.id)
            #expect(again.state == .ready && again.files == design.files)
            #expect(try await room.designs.bytes(of: design.files[0], design) != nil)
        }
    }

    /// A run that was killed left a file that no design has.
    @Test func whatNoDesignHasGoesToo() async throws {
        try await PlateRoom.with { room in
            let design = try await room.want()
            room.maker.change { $0.beforeFile = { if $0 == 1 { throw CancellationError() } } }
            await #expect(throws: CancellationError.self) { try await room.generate(design) }
            #expect(try await room.artefactCount() == 1)
            try await room.pass(days: 89)
            try await room.evict()
            #expect(try await room.artefactCount() == 1)
            try await room.pass(days: 2)
            try await room.evict()
            #expect(try await room.artefactCount() == 0)
            #expect(try await state(design, room) == .generating, "the job has it still")
        }
    }

    @Test func theLeastUsedGoFirst() async throws {
        var limits = GridFlockLimits()
        // Two designs of some 1,020 bytes fit, three do not.
        limits.cacheBytes = 2_500
        try await PlateRoom.with(limits) { room in
            room.maker.change { $0.fileBytes = 1_000 }
            var designs: [Design] = []
            for text in ["one", "two", "three"] {
                designs.append(try await made(text, room))
                try await room.pass(days: 1)
            }
            // The oldest is used, so the second is the least used one.
            // One of its files is all that somebody fetches; the others age with it.
            _ = try await room.designs.bytes(of: designs[0].files[1], designs[0])
            try await room.evict()
            #expect(try await state(designs[0], room) == .ready)
            #expect(try await state(designs[1], room) == .evicted)
            #expect(try await state(designs[2], room) == .ready)
        }
    }

    @Test func otherBytesOfTheSameWishAreNotKept() async throws {
        try await PlateRoom.with { room in
            let design = try await made("plate", room)
            try await room.pass(days: 91)
            try await room.evict()
            _ = try await room.designs.wantAgain(design.id)
            room.maker.change { $0.suffix = "!" }
            await #expect(throws: JobFailure.self) { try await room.generate(design) }
            #expect(try await room.designs.design(design.id).files == design.files)
            // Another generator may.
            room.maker.change { $0.revision = 2 }
            try await room.generate(design)
            let renewed = try await room.designs.design(design.id)
            #expect(renewed.state == .ready && renewed.generatorRevision == 2)
            #expect(renewed.files[0].digest != design.files[0].digest)
        }
    }

    @Test func whatSomebodyElseKeepsStays() async throws {
        try await PlateRoom.with { room in
            let design = try await made("plate", room)
            let bytes = try #require(try await room.designs.bytes(of: design.files[0], design))
            let digest = try await room.database.transaction {
                try await room.artefacts.put(bytes, mediaType: "application/octet-stream", in: $0)
            }
            #expect(digest == design.files[0].digest)
            // The other way round as well: a cached copy does not make a kept one go.
            try await room.database.transaction {
                _ = try await room.artefacts.putCached(bytes, mediaType: "model/stl", in: $0)
            }
            try await room.pass(days: 100)
            try await room.evict()
            #expect(try await room.artefacts.get(digest) != nil)
            #expect(try await room.artefacts.get(design.files[1].digest) == nil)
            #expect(try await state(design, room) == .evicted)
        }
    }

    @Test func filesLostBehindOurBackAreMadeAgain() async throws {
        try await PlateRoom.with { room in
            let design = try await made("plate", room)
            try await room.database.transaction { transaction in
                let unused = design.files.map { ArtefactStore.Unused(digest: $0.digest, usedMicroseconds: .max) }
                let gone = try await room.artefacts.removeCached(unused, in: transaction)
                #expect(gone.count == design.files.count)
            }
            #expect(try await state(design, room) == .ready)
            #expect(try await room.designs.bytes(of: design.files[0], design) == nil)
            try await room.designs.wantLost(design.id)
            #expect(try await state(design, room) == .queued)
            #expect(try await room.ready() == 1)
        }
    }

    @Test func whatIsUsedWhileTheEvictionMakesUpItsMindStays() async throws {
        try await PlateRoom.with { room in
            let used = try await made("used", room)
            let unused = try await made("unused", room)
            try await room.pass(days: 91)
            // The first half has chosen the files of both.
            let commit = try #require(try await room.firstHalfOfEviction())
            _ = try await room.designs.bytes(of: used.files[0], used)
            try await room.database.transaction { try await commit($0) }
            #expect(try await state(used, room) == .ready)
            for file in used.files { #expect(try await room.artefacts.get(file.digest) != nil) }
            #expect(try await state(unused, room) == .evicted)
            for file in unused.files { #expect(try await room.artefacts.get(file.digest) == nil) }
        }
    }

    @Test func aHeavyBatchIsThrownAwayInPieces() async throws {
        try await PlateRoom.with { room in
            for number in 0..<4 { _ = try await made("plate \(number)", room) }
            try await room.pass(days: 91)
            let all = try await room.artefacts.evictable(
                unusedDays: 90, keepingBytes: .max, limit: 100, limitBytes: .max)
            #expect(all.count == 8)
            // However little is asked for, one goes.
            let one = try await room.artefacts.evictable(unusedDays: 90, keepingBytes: .max, limit: 100, limitBytes: 1)
            #expect(one == Array(all.prefix(1)))
            // A run that follows ones that failed takes a fraction, and asks for the next.
            try await room.evict(claims: 7)
            let left = try await room.artefacts.evictable(
                unusedDays: 90, keepingBytes: .max, limit: 100, limitBytes: .max)
            #expect(left == Array(all.dropFirst()))
            #expect(try await room.ready(Designs.evictKind) == 1)
            try await room.evict()
            try await room.evict()
            #expect(
                try await room.artefacts.evictable(unusedDays: 90, keepingBytes: .max, limit: 100, limitBytes: .max)
                    .isEmpty)
        }
    }

    /// Fetches, evictions and designs with files in common, all at once: PostgreSQL would end one of two that wait for
    /// each other.
    @Test func nobodyWaitsForEachOther() async throws {
        var limits = GridFlockLimits()
        limits.cacheBytes = 1
        try await PlateRoom.with(limits) { room in
            room.maker.change { $0.sharedFiles = 6 }
            var designs: [Design] = []
            for number in 0..<4 { designs.append(try await room.want("plate \(number)")) }
            for _ in 0..<6 {
                try await withThrowingTaskGroup { group in
                    for design in designs {
                        group.addTask { try await room.generate(design) }
                        group.addTask {
                            let now = try await room.designs.design(design.id)
                            for file in now.files { _ = try await room.designs.bytes(of: file, now) }
                        }
                    }
                    group.addTask { try await room.evict() }
                    try await group.waitForAll()
                }
                for design in designs { _ = try await room.designs.wantAgain(design.id) }
                try await room.pass(days: 1)
            }
        }
    }
}
