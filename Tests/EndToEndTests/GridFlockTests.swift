import Foundation
import HTTPClient
import HTTPWire
import Kernel
import Processes
import TestKit
import Testing

/// A plate from the wish to its files, on a real server that is killed while it makes them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct GridFlockTests {
    private static let wish: JSONValue = [
        "drawerWidthMillimetres": 210, "drawerDepthMillimetres": 130, "bedWidthMillimetres": 180,
        "bedDepthMillimetres": 180,
    ]

    @Test func aKillInTheMiddleOfGenerationLosesNothing() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 500)
        let settings = ["DATABASE_URL": "private", "JOB_LEASE_SECONDS": "1", "GRIDFLOCK_ENABLED": "true"]
        let fault = ["FORMA3D_FAULTS": "before-completion-commit/gridflock.generate:kill*1"]
        try system.startServer("server", port: port, settings: settings.merging(fault) { $1 })
        try await system.waitUntilReady(port: port, within: .seconds(90))
        let base = "http://127.0.0.1:\(port)"
        let design = try await system.send(.post, base + "/api/v1/gridflock/designs", Self.wish)
        let id = try #require(design["id"]?.string)
        let path = base + "/api/v1/gridflock/designs/" + id
        // The files were made and the process died before they were kept.
        try await eventually("the server died") {
            (try? await system.http.send(.init(method: .get, url: base + "/health/live", timeoutSeconds: 2))) == nil
        }
        await system.kill("server")
        try system.startServer("server", port: port, settings: settings)
        try await system.waitUntilReady(port: port, within: .seconds(90))
        try await eventually(within: .seconds(90), "the design is ready") {
            try await system.send(.get, path)["state"] == "ready"
        }
        let made = try await system.send(.get, path)
        let files = try #require(made["files"]?.array)
        let names = files.compactMap { $0["name"]?.string }
        #expect(names.contains("plate.3mf") && names.contains("plate.glb") && names.contains("plan.svg"))
        #expect(names.contains("segment-01.stl"))
        for file in files {
            let url = base + (file["url"]?.string ?? "")
            let fields: HTTPFields = ["x-api-key": LiveSystem.operatorKey]
            let answer = try await system.http.send(.init(method: .get, url: url, fields: fields))
            #expect(answer.status.code == 200 && Int64(answer.body.count) == file["sizeBytes"]?.integer)
            #expect(answer.fields["content-type"] == file["mediaType"]?.string)
        }
        // Asked for once more it is the same one, and nothing is made anew.
        let again = try await system.send(.post, base + "/api/v1/gridflock/designs", Self.wish)
        #expect(again["id"]?.string == id && again["state"] == "ready")
        let events = try await system.send(.get, base + "/api/v1/events?limit=200")
        let told = events["items"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(told == ["gridflock.design-created", "gridflock.design-ready"])
        await system.stop()
    }

    @Test func theCommandMakesTheSameFilesEachTime() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plates-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: folder) }
        func generate(_ name: String) async throws -> String {
            try await RunningProcess.run(
                Command(
                    try LiveSystem.program("forma3d"),
                    [
                        "gridflock", "generate", "--drawer", "210x130", "--bed", "180x180", "--json", "--out",
                        folder.appending(path: name).path(),
                    ], environment: LiveSystem.base, output: .captured))
        }
        let first = try await generate("one")
        let second = try await generate("two")
        let report = try JSON.decode(JSONValue.self, from: first)
        #expect(report["files"] == (try JSON.decode(JSONValue.self, from: second))["files"])
        for file in report["files"]?.array ?? [] {
            let name = file["name"]?.string ?? ""
            let one = try Data(contentsOf: folder.appending(path: "one/\(name)"))
            #expect(try one == Data(contentsOf: folder.appending(path: "two/\(name)")))
            #expect(Int64(one.count) == file["sizeBytes"]?.integer)
        }
        #expect((report["segments"]?.array?.count ?? 0) == report["partCount"]?.integer.map { Int($0) })
    }
}
