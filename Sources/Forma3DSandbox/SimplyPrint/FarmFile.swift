import FoundationEssentials

/// A file at SimplyPrint, uploaded or kept.
struct FarmFile: Sendable {
    let id: String
    let name: String
    let sizeBytes: Int
    let createdAt: Date
}

/// As much of `multipart/form-data` (RFC 7578) as an upload needs: the file's name and its bytes' number.
enum FarmUpload {
    static func file(in body: [UInt8], contentType: String?) -> (name: String, sizeBytes: Int)? {
        guard let contentType, let mark = contentType.firstRange(of: "boundary=") else { return nil }
        let boundary = contentType[mark.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" }
        let parts = body.split(by: Array("--\(boundary)".utf8))
        for part in parts {
            guard let end = part.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: part[..<end.lowerBound], as: UTF8.self)
            guard head.contains("name=\"file\"") else { continue }
            let name = head.firstRange(of: "filename=\"").map { head[$0.upperBound...].prefix { $0 != "\"" } }
            return (String(name ?? "file.gcode"), max(0, part.endIndex - end.upperBound - 2))
        }
        return nil
    }
}

extension [UInt8] {
    fileprivate func split(by separator: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
