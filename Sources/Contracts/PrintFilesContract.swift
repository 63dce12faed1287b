package import FoundationEssentials
package import Kernel

/// Files to print: kept here by their hash, brought to SimplyPrint once.
package protocol PrintFilesContract: Sendable {
    /// Keeps a file and has it brought to SimplyPrint; the same bytes under the same name are one file.
    /// - Throws: `Problem` 413 or 422.
    func store(name: String, bytes: [UInt8]) async throws -> PrintFileView
    func file(_ id: PrintFileID) async throws -> PrintFileView?
}

/// How far a file is on its way to SimplyPrint.
package enum PrintFileState: String, Hashable, Sendable, CaseIterable {
    case planned
    /// The request is on its way.
    case intent
    case stored
    /// It is not known whether SimplyPrint took it: being found out.
    case unknown
}

/// One file as an operator sees it.
package struct PrintFileView: Hashable, Sendable {
    package let id: PrintFileID
    package let name: String
    /// SHA-256 of the bytes, 64 hex digits.
    package let digest: String
    package let sizeBytes: Int64
    package let state: PrintFileState
    /// SimplyPrint's, for product mappings; nil until it is stored.
    package let simplyPrintFileID: String?
    package let createdAt: Date
    package let updatedAt: Date
    package let attention: Attention?

    package init(
        id: PrintFileID, name: String, digest: String, sizeBytes: Int64, state: PrintFileState,
        simplyPrintFileID: String?, createdAt: Date, updatedAt: Date, attention: Attention?
    ) {
        self.id = id
        self.name = name
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.state = state
        self.simplyPrintFileID = simplyPrintFileID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attention = attention
    }
}
