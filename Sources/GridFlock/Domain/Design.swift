package import Contracts
package import FoundationEssentials
package import Kernel

/// One drawer plate that was asked for, with what was made of it.
package struct Design: Sendable {
    package let id: DesignID
    /// The wish in its one spelling, and the SHA-256 of it.
    package let canonical: String
    package let digest: String
    /// As it was asked for, JSON.
    package let request: String
    package let drawerWidthTenthMicrometres: Int
    package let drawerDepthTenthMicrometres: Int
    package let partCount: Int
    package let state: DesignState
    /// Of the generator that made the files; nil until some were made.
    package let generatorRevision: Int?
    package let generationMilliseconds: Int64?
    package let createdAt: Date
    package let updatedAt: Date
    package let attention: Attention?
    /// In their order; kept when the bytes are thrown away.
    package var files: [DesignFile]

    package init(
        id: DesignID, canonical: String, digest: String, request: String, drawerWidthTenthMicrometres: Int,
        drawerDepthTenthMicrometres: Int, partCount: Int, state: DesignState, generatorRevision: Int?,
        generationMilliseconds: Int64?, createdAt: Date, updatedAt: Date, attention: Attention?,
        files: [DesignFile] = []
    ) {
        self.id = id
        self.canonical = canonical
        self.digest = digest
        self.request = request
        self.drawerWidthTenthMicrometres = drawerWidthTenthMicrometres
        self.drawerDepthTenthMicrometres = drawerDepthTenthMicrometres
        self.partCount = partCount
        self.state = state
        self.generatorRevision = generatorRevision
        self.generationMilliseconds = generationMilliseconds
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attention = attention
        self.files = files
    }
}

/// One file of a design: its name, and the artefact that holds its bytes.
package struct DesignFile: Hashable, Sendable {
    package let name: String
    package let mediaType: String
    /// SHA-256 of the bytes, 64 hex digits.
    package let digest: String
    package let sizeBytes: Int
    /// What was measured of the parts in it, JSON; nil for pictures.
    package var facts: JSONValue?

    package init(name: String, mediaType: String, digest: String, sizeBytes: Int, facts: JSONValue?) {
        self.name = name
        self.mediaType = mediaType
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.facts = facts
    }
}

/// A file just made, with its bytes.
package struct MadeFile: Sendable {
    /// 3MF, a ZIP.
    package static let compressedMediaType = "model/3mf"
    /// STL, one part or several that are alike.
    package static let partMediaType = "model/stl"
    package static let previewName = "plate.glb"

    package let name: String
    package let mediaType: String
    package let bytes: [UInt8]

    package init(name: String, mediaType: String, bytes: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        self.bytes = bytes
    }
}
