import Contracts
import Jobs
import Kernel
import Postgres
import Printing
import TestKit
import Testing

/// A file that an operator brings is at SimplyPrint once.
@Suite(.timeLimit(.minutes(5))) struct PrintFileTests {
    private let bytes = Array("G28\n".utf8)

    private func upload(_ file: PrintFileView, _ room: PrintRoom) async throws {
        try await room.run("printing.upload-file", ["printFileID": file.id.description])
    }

    @Test func aFileIsStoredHereAndKeptThere() async throws {
        try await PrintRoom.with { room in
            let file = try await room.printing.files.store(name: "clip.gcode", bytes: bytes)
            #expect(file.state == .planned)
            try await upload(file, room)
            let stored = try #require(try await room.printing.files.file(file.id))
            #expect(stored.state == .stored)
            #expect(room.farm.now.files == ["clip-\(file.digest.prefix(12)).gcode": stored.simplyPrintFileID])
            // The same bytes under the same name are the same file.
            let again = try await room.printing.files.store(name: "clip.gcode", bytes: bytes)
            #expect(again.id == file.id)
            #expect(try await room.ready("printing.upload-file") == 1)
        }
    }

    @Test func aLostAnswerIsFoundByItsName() async throws {
        try await PrintRoom.with { room in
            let file = try await room.printing.files.store(name: "clip.gcode", bytes: bytes)
            // The file host's answer: nothing is kept yet, so it is certainly not made.
            room.farm.change { $0.losesAnswerOf = ["files/Upload": 1] }
            await #expect(throws: (any Error).self) { try await upload(file, room) }
            #expect(try await room.printing.files.file(file.id)?.state == .intent)
            #expect(room.farm.now.files.isEmpty)
            // The API's answer, after it was kept.
            room.farm.change { $0.losesKeep = true }
            await #expect(throws: JobFailure.self) { try await upload(file, room) }
            #expect(try await room.printing.files.file(file.id)?.state == .unknown)
            try await room.waitUntilNoCallCanBegin()
            try await upload(file, room)
            #expect(try await room.printing.files.file(file.id)?.state == .stored)
            #expect(room.farm.now.files.count == 1)
        }
    }

    @Test(arguments: ["", "clip", "clip.exe", ".gcode", "a/b.gcode", "a\"b.gcode", "é.gcode"])
    func aNameThatIsNoneIsRefused(name: String) async throws {
        try await PrintRoom.with { room in
            await #expect(throws: Problem.self) { try await room.printing.files.store(name: name, bytes: bytes) }
        }
    }

    @Test func anEmptyFileIsRefused() async throws {
        try await PrintRoom.with { room in
            await #expect(throws: Problem.self) {
                try await room.printing.files.store(name: "clip.gcode", bytes: [])
            }
        }
    }
}
