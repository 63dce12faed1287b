package import Postgres

/// Content-addressed bytes (labels, later meshes and slices): the name is the SHA-256 of the content.
package struct ArtefactStore: Sendable {
    /// The most one artefact may have; the table holds the same limit.
    package static let bytesMaximum = 64 * 1024 * 1024
    private static let digestLength = 64

    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package struct Artefact: Sendable {
        package let bytes: [UInt8]
        package let mediaType: String

        package init(bytes: [UInt8], mediaType: String) {
            self.bytes = bytes
            self.mediaType = mediaType
        }
    }

    /// Stores and gives the 64 hex digits to find it by; the same bytes are stored once, under their first media type.
    /// - Throws: `PostgresError`, a check violation above `bytesMaximum`.
    package func put(_ bytes: [UInt8], mediaType: String, in transaction: Transaction) async throws -> String {
        try await ArtefactStorage.put(bytes, mediaType: mediaType, in: transaction)
    }

    // MARK: What can be made again

    /// How exactly the time of the last use is kept: a download does not write a row each time.
    package static let useGrainSeconds = 3_600.0

    /// As `put`, for bytes that can be made again: they may be thrown away. What somebody also `put` is kept for ever.
    package func putCached(_ bytes: [UInt8], mediaType: String, in transaction: Transaction) async throws -> String {
        try await ArtefactStorage.putCached(bytes, mediaType: mediaType, in: transaction)
    }

    /// As `get`, and says that it was used, and with it what belongs to it: what is used together ages together.
    package func use(_ digest: String, with others: [String] = []) async throws -> Artefact? {
        guard let artefact = try await get(digest) else { return nil }
        try await use([digest] + others)
        return artefact
    }

    /// Says that they were used, of whose bytes nothing is wanted.
    package func use(_ digests: [String]) async throws {
        try await ArtefactStorage.touch(digests, olderThanSeconds: Self.useGrainSeconds, in: database)
    }

    /// Says that they are used, and keeps them from being thrown away until the transaction has ended.
    /// - Returns: whether all of them are there.
    package func hold(_ digests: [String], in transaction: Transaction) async throws -> Bool {
        Set(try await ArtefactStorage.hold(digests, in: transaction)) == Set(digests)
    }

    /// A cached artefact that may go, and when it was used last.
    package struct Unused: Hashable, Sendable {
        package let digest: String
        /// Since 1970, exactly as the database has it.
        package let usedMicroseconds: Int64

        package init(digest: String, usedMicroseconds: Int64) {
            self.digest = digest
            self.usedMicroseconds = usedMicroseconds
        }
    }

    /// Cached artefacts that are to go, the least used first: unused for so many days, or beyond so many bytes in all.
    /// - Parameters:
    ///   - limit: artefacts at a time.
    ///   - limitBytes: the last one given may reach beyond, so that none is too large to go.
    package func evictable(
        unusedDays: Int, keepingBytes: Int, limit: Int, limitBytes: Int
    ) async throws -> [Unused] {
        try await ArtefactStorage.evictable(
            unusedDays: unusedDays, keepingBytes: keepingBytes, limit: limit, limitBytes: limitBytes, in: database)
    }

    /// Throws cached artefacts away that were not used since, never kept ones; gives the digests of those that went.
    package func removeCached(_ unused: [Unused], in transaction: Transaction) async throws -> [String] {
        try await ArtefactStorage.removeCached(unused, in: transaction)
    }

    /// nil when nothing is stored under that digest.
    package func get(_ digest: String) async throws -> Artefact? {
        let isHex = digest.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard digest.utf8.count == Self.digestLength, isHex else { return nil }
        return try await ArtefactStorage.get(digest, in: database)
    }
}
