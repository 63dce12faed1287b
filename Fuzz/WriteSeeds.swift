import FoundationEssentials

/// Writes what the conformance cases send as seeds: the table is the one source of both.
@main enum WriteSeeds {
    /// Longer ones only slow the fuzzer down: it finds lengths by itself.
    static let bytesMaximum = 4_096

    static func main() throws {
        let folder = CommandLine.arguments[1]
        let blank = Array("\r\n\r\n".utf8)
        for (number, conformanceCase) in ConformanceGroup.all.flatMap(\.cases).enumerated() {
            let bytes = conformanceCase.sentBytes
            guard !bytes.isEmpty, bytes.count <= bytesMaximum else { continue }
            try write(bytes[...], to: "\(folder)/RequestParser/\(number)")
            if let end = bytes.firstRange(of: blank) {
                let line = bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? 0
                if line < end.upperBound { try write(bytes[line..<end.upperBound], to: "\(folder)/Fields/\(number)") }
                let body = bytes[end.upperBound...]
                if !body.isEmpty { try write(body, to: "\(folder)/ChunkedDecoder/\(number)") }
            }
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }
}
