import Artefacts
import Postgres
import TestKit
import Testing

@Suite struct ArtefactStoreTests {
    /// FIPS 180-2's example for "abc".
    private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func bytesAreFoundByTheirDigest() async throws {
        try await withDatabase { database in
            let store = ArtefactStore(database: database)
            let everyByte = (0..<4096).map { UInt8(truncatingIfNeeded: $0) }
            let digests = try await database.transaction { transaction in
                try await [
                    store.put(Array("abc".utf8), mediaType: "text/plain", in: transaction),
                    store.put(everyByte, mediaType: "application/pdf", in: transaction),
                    store.put([], mediaType: "text/plain", in: transaction),
                ]
            }
            #expect(digests[0] == Self.abc)
            #expect(try await store.get(digests[1])?.bytes == everyByte)
            #expect(try await store.get(digests[1])?.mediaType == "application/pdf")
            #expect(try await store.get(digests[2])?.bytes == [])
        }
    }

    /// Read in pieces of a mebibyte.
    @Test(arguments: [1_048_575, 1_048_576, 1_048_577, 2_500_000]) func largeBytesComeBackWhole(count: Int) async throws
    {
        try await withDatabase { database in
            let store = ArtefactStore(database: database)
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let digest = try await database.transaction { try await store.put(bytes, mediaType: "model/stl", in: $0) }
            let found = try await store.get(digest)
            #expect(found?.bytes == bytes && found?.mediaType == "model/stl")
        }
    }

    @Test func whatIsHeldIsThereAndUsed() async throws {
        try await withDatabase { database in
            let store = ArtefactStore(database: database)
            let digests = try await database.transaction { transaction in
                try await [
                    store.putCached(Array("abc".utf8), mediaType: "text/plain", in: transaction),
                    store.put(Array("kept".utf8), mediaType: "text/plain", in: transaction),
                ]
            }
            try await database.execute("UPDATE jobs.clock_shift SET shift = shift + make_interval(days => 9)")
            let unknown = String(repeating: "0", count: 64)
            let areThere = try await database.transaction { transaction in
                var areThere: [Bool] = []
                for wanted in [digests + digests, digests + [unknown], []] {
                    areThere.append(try await store.hold(wanted, in: transaction))
                }
                return areThere
            }
            #expect(areThere == [true, false, true])
            #expect(
                try await store.evictable(unusedDays: 8, keepingBytes: .max, limit: 9, limitBytes: .max).isEmpty)
            try await database.execute("UPDATE jobs.clock_shift SET shift = shift + make_interval(days => 9)")
            let old = try await store.evictable(unusedDays: 8, keepingBytes: .max, limit: 9, limitBytes: .max)
            #expect(old.map(\.digest) == [digests[0]], "what is kept stays kept")
        }
    }

    @Test func theSameBytesAreStoredOnceEvenAtTheSameTime() async throws {
        try await withDatabase(poolSize: 8) { database in
            let store = ArtefactStore(database: database)
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await database.transaction { transaction in
                            try await store.put(Array("abc".utf8), mediaType: "text/\(number)", in: transaction)
                        }
                    }
                }
                for try await digest in group { #expect(digest == Self.abc) }
            }
            let count: Int = try await database.query("SELECT count(*) FROM artefacts.artefact")[0]("count")
            #expect(count == 1)
        }
    }

    @Test func whatIsNoDigestOrUnknownIsNil() async throws {
        try await withDatabase { database in
            let store = ArtefactStore(database: database)
            for digest in ["", "abc", Self.abc, Self.abc.uppercased(), String(repeating: "g", count: 64)] {
                let artefact = try await store.get(digest)
                #expect(artefact?.bytes == nil)
            }
        }
    }

    @Test func bytesThatDoNotFitTheirNameAreRefusedByTheTable() async throws {
        try await withDatabase { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.execute(
                    """
                    INSERT INTO artefacts.artefact (digest, bytes, media_type)
                    VALUES (\(Self.abc), 'abd', 'text/plain')
                    """)
            }
            #expect(error?.constraint == "artefact_named_by_content")
        }
    }
}
