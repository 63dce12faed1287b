import Kernel
package import Postgres

/// Content-addressed bytes (labels, later meshes and slices): the name is the SHA-256 of the content.
package struct ArtefactStore: Sendable {
    package init(database: Database) {}

    package struct Artefact: Sendable {
        package let bytes: [UInt8]
        package let mediaType: String

        package init(bytes: [UInt8], mediaType: String) {
            self.bytes = bytes
            self.mediaType = mediaType
        }
    }

    /// Stores and gives the 64 hex digits to find it by; the same bytes are stored once.
    package func put(_ bytes: [UInt8], mediaType: String, in transaction: Transaction) async throws -> String {
        fatalError("skeleton")
    }

    package func get(_ digest: String) async throws -> Artefact? { fatalError("skeleton") }
}
