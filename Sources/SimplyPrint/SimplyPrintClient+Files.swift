import HTTPClient
import HTTPWire
import Kernel

/// A file of the account.
package struct StoredFile: Hashable, Sendable {
    /// 32 hexadecimal digits.
    package let id: String
    /// With its extension.
    package let name: String
    package let sizeBytes: Int64

    package init(id: String, name: String, sizeBytes: Int64) {
        self.id = id
        self.name = name
        self.sizeBytes = sizeBytes
    }
}

extension SimplyPrintClient {
    /// The most the file host takes in one part (contracts §1.3).
    package static let uploadBytesMaximum = 100 * 1_000 * 1_000

    /// Brings a file to the file host, where it expires after about a day unless it is kept.
    /// - Parameter name: the extension says what it is; ASCII without quotes and line breaks.
    /// - Returns: 64 hexadecimal digits for `keepFile`.
    package func uploadFile(name: String, bytes: [UInt8]) async throws -> String {
        // Too long to stand in a file by chance.
        let boundary = "forma3d-6b1f0c9e27d84a53b7c2e1f4a9d05836-\(bytes.count)"
        var body = Array(
            ("--\(boundary)\r\ncontent-disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
                + "content-type: application/octet-stream\r\n\r\n").utf8)
        body.reserveCapacity(body.count + bytes.count + boundary.utf8.count + 8)
        body += bytes
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        return try await sendFile("uploadFile", body, contentType: "multipart/form-data; boundary=\(boundary)") {
            (envelope, answer) throws(VendorFailure) in
            guard let id = envelope.object.object("file")?.filledText("id") else {
                throw answer.failure(.malformed, "no id of the uploaded file", mayHaveHappened: true)
            }
            return id
        }
    }

    /// Keeps an uploaded file in the account. Never sent twice by itself: the second one would be a second file.
    /// - Returns: 32 hexadecimal digits.
    package func keepFile(uploadID: String) async throws -> String {
        try await ask(
            "keepFile", .post, "files/Upload", query: "folder=0", body: ["fileId": .string(uploadID)],
            neverResend: true
        ) { (envelope, answer) throws(VendorFailure) in
            guard let id = envelope.object.filledText("id") else {
                throw answer.failure(.malformed, "no id of the kept file", mayHaveHappened: true)
            }
            return id
        }
    }

    /// The account's files whose name holds the text, in every folder.
    /// - Parameter text: letters and digits; anything else is left out.
    package func files(named text: String) async throws -> [StoredFile] {
        let query = "f=-1&search=\(text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })"
        return try await ask("files", .get, "files/GetFiles", query: query) {
            (envelope, answer) throws(VendorFailure) in
            try answer.understood { try envelope.object.list("files", of: WireFile.self).map(\.file) }
        }
    }
}

/// A file as the wire has it: the name without its extension.
private struct WireFile: Decodable {
    let file: StoredFile

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        let name = try object.requireText("name")
        file = StoredFile(
            id: try object.requireText("id"), name: object.filledText("ext").map { "\(name).\($0)" } ?? name,
            sizeBytes: object.integer("size") ?? 0)
    }
}
