package import Artefacts
package import Jobs
import Kernel
package import SimplyPrint

/// One file in the SimplyPrint account, made once and found again by its name, which holds the beginning of its hash.
///
/// What goes to the file host first expires by itself: only keeping it is an effect. One kept twice costs nothing, and
/// the documented API has no way to delete a file: the older one counts, the other stays unused.
package struct PrintFileEffect: EffectVendor {
    package static let kind = "simplyprint.file"
    /// Files cannot be deleted over the API, and the first of a name is the one that counts.
    package static let canBeTooMany = false

    package struct Request: Codable, Hashable, Sendable {
        /// As it is to be called at SimplyPrint.
        package let name: String
        package let digest: String
        package let sizeBytes: Int64

        package init(name: String, digest: String, sizeBytes: Int64) {
            self.name = name
            self.digest = digest
            self.sizeBytes = sizeBytes
        }
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package let fileID: String

        package init(fileID: String) {
            self.fileID = fileID
        }
    }

    private let client: SimplyPrintClient
    private let artefacts: ArtefactStore
    package let callTimeoutSeconds: Double

    /// Digits of the hash in the name: no two files of one account share them by chance.
    private static let markDigits = 12

    /// - Parameter callTimeoutSeconds: of one call; a file takes two.
    package init(client: SimplyPrintClient, artefacts: ArtefactStore, callTimeoutSeconds: Double) {
        self.client = client
        self.artefacts = artefacts
        self.callTimeoutSeconds = callTimeoutSeconds * 2
    }

    /// `clip.gcode` → `clip-1a2b3c4d5e6f.gcode`.
    package static func name(_ name: String, digest: String) -> String {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return "\(name[..<dot])-\(digest.prefix(markDigits))\(name[dot...])"
    }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        let uploadID: String
        do {
            guard let file = try await artefacts.get(request.digest) else {
                throw JobFailure.rejected("The file \(request.name) is not stored any more.")
            }
            uploadID = try await client.uploadFile(name: request.name, bytes: file.bytes)
        } catch let failure as any RetryClassified {
            throw EffectSendFailure(.notMade, cause: failure)
        }
        do {
            return Receipt(fileID: try await client.keepFile(uploadID: uploadID))
        } catch let failure as VendorFailure {
            throw EffectSendFailure(failure.mayHaveHappened ? .unknown : .notMade, cause: failure)
        } catch let failure as JobFailure {
            // The shared budget had no call left: nothing went to the wire.
            throw EffectSendFailure(.notMade, cause: failure)
        }
    }

    package func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>] {
        let found = try await client.files(named: String(request.digest.prefix(Self.markDigits)))
            .filter { $0.name == request.name }
        // Ids are random: the first in the answer is as good as any, and the only one that counts.
        return found.prefix(1).map { file in
            FoundEffect(
                receipt: Receipt(fileID: file.id), vendorID: file.id, isAlive: true,
                isSameContent: file.sizeBytes == request.sizeBytes)
        }
    }

    package func vendorID(of receipt: Receipt) -> String? { receipt.fileID }

    package func cancel(_ receipt: Receipt, reference: String) async throws {}
}
