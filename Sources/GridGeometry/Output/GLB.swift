/// The assembled plate for a preview: binary glTF 2.0 with one mesh for each shape and one node for each segment.
///
/// Metres, y up (glTF 2.0 §3.4): the plate's x stays, its height becomes y, its depth goes to −z. No normals: viewers
/// then shade each triangle flat (§3.7.2.1), which is how a plate looks.
package struct GLB {
    private struct Shape {
        let vertexOffset: Int
        let vertexCount: Int
        let indexOffset: Int
        let indexCount: Int
        let low: [Float]
        let high: [Float]
        let name: String
    }

    private var binary: [UInt8] = []
    private var shapes: [Shape] = []

    package init() {}

    /// Adds a shape, of which `items` may then speak by its index.
    package mutating func add(_ mesh: Mesh, name: String) {
        let vertexOffset = binary.count
        var low = [Float](repeating: .greatestFiniteMagnitude, count: 3)
        var high = low.map { -$0 }
        binary.reserveCapacity(binary.count + mesh.vertices.count * 12 + mesh.triangles.count * 12)
        for vertex in mesh.vertices {
            let position = [Self.metres(vertex.x), Self.metres(vertex.z), -Self.metres(vertex.y)]
            for axis in 0..<3 {
                // Zero has one sign, so that no "-0.0" is written.
                let value = position[axis] == 0 ? 0 : position[axis]
                low[axis] = min(low[axis], value)
                high[axis] = max(high[axis], value)
                binary.append(littleEndian: value.bitPattern)
            }
        }
        let indexOffset = binary.count
        for triangle in mesh.triangles {
            for index in [triangle.a, triangle.b, triangle.c] { binary.append(littleEndian: UInt32(index)) }
        }
        shapes.append(
            Shape(
                vertexOffset: vertexOffset, vertexCount: mesh.vertices.count, indexOffset: indexOffset,
                indexCount: mesh.triangles.count * 3, low: low, high: high, name: name))
    }

    /// The file; nodes lie where their segments lie on the plate.
    package func bytes(items: [PlateItem]) -> [UInt8] {
        var json = Array(document(items).utf8)
        while json.count % 4 != 0 { json.append(0x20) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(28 + json.count + binary.count)
        bytes.append(littleEndian: 0x4654_6C67 as UInt32)
        bytes.append(littleEndian: 2 as UInt32)
        // Positions and indices are multiples of four bytes, so the binary needs no padding.
        bytes.append(littleEndian: UInt32(28 + json.count + binary.count))
        bytes.append(littleEndian: UInt32(json.count))
        bytes.append(littleEndian: 0x4E4F_534A as UInt32)
        bytes.append(contentsOf: json)
        bytes.append(littleEndian: UInt32(binary.count))
        bytes.append(littleEndian: 0x004E_4942 as UInt32)
        bytes.append(contentsOf: binary)
        return bytes
    }

    private static func metres(_ value: Int32) -> Float { Float(Double(value) / 1e7) }

    private func document(_ items: [PlateItem]) -> String {
        let nodes = items.map { item in
            let (x, z) = (Double(item.place.x) / 1e7, item.place.y == 0 ? 0 : -Double(item.place.y) / 1e7)
            return #"{"mesh":\#(item.shape),"name":"segment \#(item.number)","translation":[\#(x),0,\#(z)]}"#
        }
        let meshes = shapes.enumerated().map { index, shape in
            let primitive = #"{"attributes":{"POSITION":\#(index * 2)},"indices":\#(index * 2 + 1),"material":0}"#
            return #"{"name":"\#(shape.name)","primitives":[\#(primitive)]}"#
        }
        let accessors = shapes.enumerated().map { index, shape in
            let position =
                #"{"bufferView":\#(index * 2),"componentType":5126,"count":\#(shape.vertexCount),"#
                + #""max":\#(shape.high),"min":\#(shape.low),"type":"VEC3"}"#
            return position
                + #",{"bufferView":\#(index * 2 + 1),"componentType":5125,"count":\#(shape.indexCount),"type":"SCALAR"}"#
        }
        let views = shapes.map { shape in
            #"{"buffer":0,"byteLength":\#(shape.vertexCount * 12),"byteOffset":\#(shape.vertexOffset),"target":34962},"#
                + #"{"buffer":0,"byteLength":\#(shape.indexCount * 4),"byteOffset":\#(shape.indexOffset),"#
                + #""target":34963}"#
        }
        let material =
            #"{"name":"filament","pbrMetallicRoughness":{"baseColorFactor":[0.8,0.8,0.78,1],"metallicFactor":0,"#
            + #""roughnessFactor":0.7}}"#
        return #"{"accessors":[\#(accessors.joined(separator: ","))],"#
            + #""asset":{"generator":"Forma3D.Connect","version":"2.0"},"#
            + #""bufferViews":[\#(views.joined(separator: ","))],"buffers":[{"byteLength":\#(binary.count)}],"#
            + #""materials":[\#(material)],"meshes":[\#(meshes.joined(separator: ","))],"#
            + #""nodes":[\#(nodes.joined(separator: ","))],"scene":0,"#
            + #""scenes":[{"nodes":\#(Array(items.indices))}]}"#
    }
}
