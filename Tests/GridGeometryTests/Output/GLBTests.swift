import Foundation
import GridGeometry
import Testing

@Suite struct GLBTests {
    private struct Document: Decodable {
        struct Accessor: Decodable {
            let bufferView: Int
            let componentType: Int
            let count: Int
            let type: String
            let min: [Float]?
            let max: [Float]?
        }
        struct View: Decodable {
            let byteOffset: Int
            let byteLength: Int
            let target: Int
        }
        struct Node: Decodable {
            let mesh: Int
            let name: String
            let translation: [Double]
        }
        struct Primitive: Decodable {
            let attributes: [String: Int]
            let indices: Int
        }
        struct Part: Decodable { let primitives: [Primitive] }
        struct Buffer: Decodable { let byteLength: Int }
        struct Scene: Decodable { let nodes: [Int] }
        let accessors: [Accessor]
        let bufferViews: [View]
        let buffers: [Buffer]
        let meshes: [Part]
        let nodes: [Node]
        let scenes: [Scene]
        let asset: [String: String]
    }

    private static func file() throws -> [UInt8] {
        var file = GLB()
        for side in [10_000, 20_000] { file.add(try Mesher.mesh(SampleSolids.box(side)), name: "box") }
        return file.bytes(items: [
            PlateItem(number: 1, shape: 0, place: Point(0, 0)),
            PlateItem(number: 2, shape: 1, place: Point(420_000, 840_000)),
            PlateItem(number: 3, shape: 0, place: Point(5, 0)),
        ])
    }

    @Test func theContainerAndItsDocumentAreWhatTheySay() throws {
        let bytes = try Self.file()
        #expect(String(decoding: bytes[..<4], as: UTF8.self) == "glTF")
        #expect(bytes.littleEndian(UInt32.self, at: 4) == 2)
        #expect(bytes.littleEndian(UInt32.self, at: 8) == UInt32(bytes.count))
        let jsonCount = Int(bytes.littleEndian(UInt32.self, at: 12))
        #expect(jsonCount % 4 == 0)
        #expect(String(decoding: bytes[16..<20], as: UTF8.self) == "JSON")
        let document = try JSONDecoder().decode(Document.self, from: Data(bytes[20..<20 + jsonCount]))
        let start = 20 + jsonCount + 8
        #expect(Array(bytes[start - 4..<start]) == Array("BIN\0".utf8))
        #expect(document.asset["version"] == "2.0")
        #expect(document.buffers.map(\.byteLength) == [bytes.count - start])
        #expect(document.meshes.count == 2)
        #expect(document.scenes[0].nodes == [0, 1, 2])
        #expect(document.nodes.map(\.mesh) == [0, 1, 0])
        #expect(document.nodes[1].translation == [0.042, 0, -0.084])
        for (index, part) in document.meshes.enumerated() {
            let position = document.accessors[try #require(part.primitives[0].attributes["POSITION"])]
            let indices = document.accessors[part.primitives[0].indices]
            #expect(position.type == "VEC3" && position.componentType == 5126 && position.count == 8)
            #expect(indices.type == "SCALAR" && indices.componentType == 5125 && indices.count == 36)
            let side: Float = index == 0 ? 0.001 : 0.002
            #expect(position.min == [0, 0, -side] && position.max == [side, side, 0])
            let view = document.bufferViews[indices.bufferView]
            #expect(view.byteOffset % 4 == 0 && view.byteLength == 144 && view.target == 34963)
            for offset in stride(from: start + view.byteOffset, to: start + view.byteOffset + 144, by: 4) {
                #expect(bytes.littleEndian(UInt32.self, at: offset) < 8)
            }
        }
    }

    /// Triangles keep their sense when the axes change, so the volume stays above zero.
    @Test func trianglesStillSeeTheSolidFromOutside() throws {
        let bytes = try Self.file()
        let start = 20 + Int(bytes.littleEndian(UInt32.self, at: 12)) + 8
        func corner(_ number: Int) -> [Double] {
            let index = Int(bytes.littleEndian(UInt32.self, at: start + 96 + number * 4))
            return (0..<3).map { Double(bytes.float(at: start + index * 12 + $0 * 4)) }
        }
        let volume = (0..<12).reduce(0.0) { sum, triangle in
            let (a, b, c) = (corner(triangle * 3), corner(triangle * 3 + 1), corner(triangle * 3 + 2))
            return sum + a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2])
                + a[2] * (b[0] * c[1] - b[1] * c[0])
        }
        #expect(abs(volume / 6 - 1e-9) < 1e-15)
    }

    @Test func theSamePlateIsTheSameFile() throws {
        let fingerprint = try Self.file().fingerprint
        #expect(fingerprint == "7236fbc9cf81615c")
    }
}
