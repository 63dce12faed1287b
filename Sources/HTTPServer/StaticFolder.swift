import Glibc
package import Routing

/// Reads a folder of files to serve, once, at start: on a thread that may block, never on the loop.
package enum StaticFolder {
    package struct Limits: Hashable, Sendable {
        package var bytesMaximum = 67_108_864
        package var filesMaximum = 10_000
        package var depthMaximum = 16

        package init() {}
    }

    /// Why the folder cannot be served, in a sentence for the operator.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Regular files below the folder, by their paths in it. Names that begin with a dot are left out, and so is every
    /// symbolic link: it could lead anywhere.
    /// - Parameter cachePolicy: by the path of a file.
    /// - Throws: `Failure` when something cannot be read or a limit is passed.
    package static func read(
        _ folder: String, limits: Limits = Limits(),
        cachePolicy: (String) -> StaticFile.CachePolicy = { _ in .revalidate }
    ) throws(Failure) -> [StaticFile] {
        var files: [StaticFile] = []
        var bytesLeft = limits.bytesMaximum
        var waiting: [(path: String, depth: Int)] = [("", 0)]
        while let (path, depth) = waiting.popLast() {
            guard depth <= limits.depthMaximum else {
                throw Failure(description: "the folder is more than \(limits.depthMaximum) folders deep at \(path)")
            }
            for name in try names(in: path.isEmpty ? folder : "\(folder)/\(path)") {
                let inner = path.isEmpty ? name : "\(path)/\(name)"
                var status = stat()
                guard lstat("\(folder)/\(inner)", &status) == 0 else { throw failure(inner) }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: waiting.append((inner, depth + 1))
                case S_IFREG:
                    guard files.count < limits.filesMaximum else {
                        throw Failure(description: "the folder has more than \(limits.filesMaximum) files")
                    }
                    let bytes = try content("\(folder)/\(inner)", inner, bytesMaximum: bytesLeft)
                    bytesLeft -= bytes.count
                    files.append(
                        StaticFile(
                            path: inner, bytes: bytes, lastModifiedUnixSeconds: Int64(status.st_mtim.tv_sec),
                            cachePolicy: cachePolicy(inner)))
                default: continue
                }
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    private static func names(in folder: String) throws(Failure) -> [String] {
        guard let directory = opendir(folder) else { throw failure(folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func content(_ path: String, _ name: String, bytesMaximum: Int) throws(Failure) -> [UInt8] {
        // O_NOFOLLOW: it was a regular file a moment ago, and has to be it still.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure(name) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(name) }
            if count == 0 { return content }
            guard content.count + count <= bytesMaximum else {
                throw Failure(description: "the files of the folder are too large together, at \(name)")
            }
            content += piece[..<count]
        }
    }

    private static func failure(_ path: String) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure(description: "\(path) cannot be read: \(reason)")
    }
}
