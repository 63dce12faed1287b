import Foundation
import HTTPServer
import HTTPWire
import Routing
import Testing

@Suite struct StaticFolderTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "assets"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("<p>".utf8).write(to: folder.appending(path: "index.html"))
        try Data(repeating: 0x61, count: 70_000).write(to: folder.appending(path: "assets/app.js"))
        try Data("secret".utf8).write(to: folder.appending(path: ".env"))
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "passwd"), withDestinationURL: URL(filePath: "/etc/passwd"))
        try body(folder)
    }

    @Test func readsPlainFilesOnly() throws {
        try withFolder { folder in
            let files = try StaticFolder.read(folder.path()) { $0.hasPrefix("assets/") ? .immutable : .revalidate }
            #expect(files.map(\.path) == ["assets/app.js", "index.html"])
            let request = HTTPRequest(method: .get, path: "/")
            let script = files[0].response(to: request, currentYear: 2026)
            #expect(script.bodyBytes?.count == 70_000)
            #expect(script.fields["cache-control"]?.contains("immutable") == true)
            #expect(script.fields["last-modified"] != nil)
            #expect(files[1].response(to: request, currentYear: 2026).fields["cache-control"] == "no-cache")
        }
    }

    @Test func aLimitIsToldNotCutAt() throws {
        try withFolder { folder in
            var limits = StaticFolder.Limits()
            limits.bytesMaximum = 69_999
            #expect(throws: StaticFolder.Failure.self) { try StaticFolder.read(folder.path(), limits: limits) }
            limits = .init()
            limits.filesMaximum = 1
            #expect(throws: StaticFolder.Failure.self) { try StaticFolder.read(folder.path(), limits: limits) }
            limits = .init()
            limits.depthMaximum = 0
            #expect(throws: StaticFolder.Failure.self) { try StaticFolder.read(folder.path(), limits: limits) }
        }
    }

    @Test func aFolderThatIsNotThereIsTold() {
        let failure = #expect(throws: StaticFolder.Failure.self) { try StaticFolder.read("/nowhere/at/all") }
        #expect(failure?.description.contains("No such file") == true)
    }
}
