import Foundation

/// The files of this repository, as the tests judge them.
struct Repository {
    struct File {
        /// From the root, `Sources/Kernel/ID.swift`.
        let path: String
        let text: String

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Swift files below a folder, in order.
    static func swiftFiles(_ folder: String) throws -> [File] {
        try files(folder).filter { $0.path.hasSuffix(".swift") }
    }

    /// Every text file below a folder; build products and editors' folders left out.
    static func files(_ folder: String) throws -> [File] {
        let base = folder.isEmpty ? root : root.appending(path: folder)
        guard
            let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        var found: [File] = []
        for case let url as URL in walk {
            if skipped.contains(url.lastPathComponent) {
                walk.skipDescendants()
                continue
            }
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                let text = String(data: try Data(contentsOf: url), encoding: .utf8)
            else { continue }
            found.append(File(path: String(url.path().dropFirst(root.path().count)).trimmingSlash, text: text))
        }
        return found.sorted { $0.path < $1.path }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: [.isDirectoryKey]
        )
        .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
        .map(\.lastPathComponent).sorted()
    }

    private static let skipped: Set<String> = [
        ".build", ".build-asan", ".build-tsan", ".build-fuzz", ".build-autobahn", ".git", ".forma3d", ".swiftpm",
        "Package.resolved",
    ]
}

extension String {
    fileprivate var trimmingSlash: String { hasPrefix("/") ? String(dropFirst()) : self }
}
