import Foundation
import Kernel
import Testing

@testable import Forma3D

@Suite struct OpenAPITests {
    @Test func theCommittedDescriptionIsTheRoutes() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/openapi.json")
        let committed = try JSON.decode(JSONValue.self, from: Array(Data(contentsOf: path.standardized)))
        let computed = try JSON.decode(JSONValue.self, from: Server.openAPIDocument())
        #expect(committed == computed, "run: swift run forma3d openapi > docs/openapi.json")
    }
}
