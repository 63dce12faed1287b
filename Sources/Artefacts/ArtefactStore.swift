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
    package static let useGrainSeconds = 600.0

    /// As `put`, for bytes that can be made again: they may be thrown away. What somebody also `put` is kept for ever.
    package func putCached(_ bytes: [UInt8], mediaType: String, in transaction: Transaction) async throws -> String {
        try await ArtefactStorage.putCached(bytes, mediaType: mediaType, in: transaction)
    }

    /// As `get`, and says that it was used.
    package func use(_ digest: String) async throws -> Artefact? {
        guard let artefact = try await get(digest) else { return nil }
        try await ArtefactStorage.touch(digest, olderThanSeconds: Self.useGrainSeconds, in: database)
        return artefact
    }

    /// Cached artefacts that are to go, the least used first: unused for so many days, or beyond so many bytes in all.
    package func evictable(unusedDays: Int, keepingBytes: Int, limit: Int) async throws -> [String] {
        try await ArtefactStorage.evictable(
            unusedDays: unusedDays, keepingBytes: keepingBytes, limit: limit, in: database)
    }

    /// Throws cached artefacts away, never kept ones; gives the digests of those that went.
    package func removeCached(_ digests: [String], in transaction: Transaction) async throws -> [String] {
        try await ArtefactStorage.removeCached(digests, in: transaction)
    }

    /// nil when nothing is stored under that digest.
    package func get(_ digest: String) async throws -> Artefact? {
        let isHex = digest.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard digest.utf8.count == Self.digestLength, isHex else { return nil }
        return try await ArtefactStorage.get(digest, in: database)
    }
}
