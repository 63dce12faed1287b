import Foundation
import HTTPClient
import HTTPWire
import Kernel
import TestKit
import Testing

/// A print file from the operator's hands to the farm's account, once, although the farm's answer is lost.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PrintFileDeliveryTests {
    @Test func aFileIsKeptOnceThoughTheAnswerIsLost() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 500)
        try system.startServer(
            "server", port: port, settings: ["DATABASE_URL": "private", "VENDOR_LAG_SECONDS": "0.2"])
        try await system.waitUntilReady(port: port)
        let lost: JSONValue = [
            "vendor": "simplyprint", "call": "files/Upload", "fault": "dropAfter", "times": 2,
        ]
        try await system.control("faults", [lost])
        let base = "http://127.0.0.1:\(port)/api/v1/print-files"
        let key: HTTPFields = ["x-api-key": LiveSystem.operatorKey]
        var fields = key
        fields["content-type"] = "application/octet-stream"
        let taken = try await system.http.send(
            .init(method: .post, url: "\(base)?name=clip.gcode", fields: fields, body: Array("G28\nG1 X10\n".utf8)))
        #expect(taken.status.code == 202)
        let file = try JSON.decode(JSONValue.self, from: taken.body)
        let id = try #require(file["id"]?.string)
        try await eventually("it is stored") {
            let answer = try await system.http.send(.init(method: .get, url: "\(base)/\(id)", fields: key))
            return try JSON.decode(JSONValue.self, from: answer.body)["state"] == "stored"
        }
        let ledger = try await system.http.send(.init(method: .get, url: system.sandboxURL + "/__control/ledger"))
        let files = try JSON.decode(JSONValue.self, from: ledger.body)["simplyprint"]?["files"]
        #expect(files?[0]?["size"] == 11)
        #expect(files?[1] == nil)
        await system.stop()
    }
}
