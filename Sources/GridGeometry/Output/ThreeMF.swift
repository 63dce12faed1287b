/// A plate as one 3MF file (3MF Core Specification 1.3): each shape once as a named object, each segment an item that
/// refers to its shape, laid out on beds side by side (`BedLayout`). Shapes are written as they come, so that no more
/// than one mesh needs to be in memory.
package struct ThreeMF: ~Copyable {
    package static let modelPath = "3D/3dmodel.model"

    private var archive: ZipWriter
    private var text: [UInt8] = []
    private var facts: [MeshFacts] = []
    private var names: [String] = []
    private static let pieceBytes = 262_144

    /// - Parameter title: of the whole, for people.
    package init(title: String) throws(ZipWriter.Failure) {
        // Fast: coordinates repeat in short distances, a higher level takes three times as long for a tenth less.
        var made = try ZipWriter(level: 3)
        try made.add("[Content_Types].xml", Array(Self.contentTypes.utf8))
        try made.add("_rels/.rels", Array(Self.relationships.utf8))
        made.begin(Self.modelPath)
        archive = made
        write(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <model unit="millimeter" xml:lang="en-US" \
            xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">
            <metadata name="Title">\(Self.escaped(title))</metadata>
            <metadata name="Application">Forma3D.Connect</metadata>
            <resources>

            """)
    }

    /// Adds a shape, of which `items` may then speak by its index.
    /// - Parameter partNumber: by which the same shape is known again.
    package mutating func add(
        _ mesh: Mesh, facts: MeshFacts, name: String, partNumber: String
    ) throws(ZipWriter.Failure) {
        self.facts.append(facts)
        names.append(partNumber)
        write("<object id=\"\(self.facts.count)\" type=\"model\" name=\"\(Self.escaped(name))\"")
        write(" partnumber=\"\(Self.escaped(partNumber))\">\n<mesh>\n<vertices>\n")
        for vertex in mesh.vertices {
            write("<vertex x=\"")
            text.append(millimetres: Int(vertex.x))
            write("\" y=\"")
            text.append(millimetres: Int(vertex.y))
            write("\" z=\"")
            text.append(millimetres: Int(vertex.z))
            write("\"/>\n")
            if text.count >= Self.pieceBytes { try flush() }
        }
        write("</vertices>\n<triangles>\n")
        for triangle in mesh.triangles {
            write("<triangle v1=\"")
            text.append(decimal: Int(triangle.a))
            write("\" v2=\"")
            text.append(decimal: Int(triangle.b))
            write("\" v3=\"")
            text.append(decimal: Int(triangle.c))
            write("\"/>\n")
            if text.count >= Self.pieceBytes { try flush() }
        }
        write("</triangles>\n</mesh>\n</object>\n")
        try flush()
    }

    /// The file.
    /// - Parameter origins: of each item's shape for printing, where its layout puts it.
    package consuming func finish(items: [PlateItem], origins: [Point]) throws(ZipWriter.Failure) -> [UInt8] {
        write("</resources>\n<build>\n")
        for (item, origin) in zip(items, origins) {
            write("<item objectid=\"\(item.shape + 1)\" transform=\"1 0 0 0 1 0 0 0 1 ")
            text.append(millimetres: origin.x)
            write(" ")
            text.append(millimetres: origin.y)
            write(" ")
            text.append(millimetres: -Int(facts[item.shape].low.z))
            write("\" partnumber=\"\(Self.escaped(names[item.shape]))\"/>\n")
        }
        write("</build>\n</model>\n")
        try flush()
        try archive.end()
        return try archive.finish()
    }

    private mutating func write(_ string: String) { text.append(contentsOf: string.utf8) }

    private mutating func flush() throws(ZipWriter.Failure) {
        try archive.append(text)
        text.removeAll(keepingCapacity: true)
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // Controls are not part of XML 1.0.
            case _ where character.value < 0x20: result += " "
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static let contentTypes = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
        </Types>

        """

    private static let relationships = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Target="/3D/3dmodel.model" Id="rel0" \
        Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
        </Relationships>

        """
}

extension [UInt8] {
    mutating func append(decimal value: Int) {
        guard value >= 0 else {
            append(0x2D)
            return append(decimal: -value)
        }
        if value >= 10 { append(decimal: value / 10) }
        append(0x30 + UInt8(truncatingIfNeeded: value % 10))
    }

    /// A length of tenths of a micrometre, exact and without needless zeros.
    mutating func append(millimetres value: Int) {
        if value < 0 { append(0x2D) }
        append(decimal: abs(value) / Length.perMillimetre)
        var fraction = abs(value) % Length.perMillimetre
        guard fraction > 0 else { return }
        append(0x2E)
        while fraction > 0 {
            fraction *= 10
            append(0x30 + UInt8(truncatingIfNeeded: fraction / Length.perMillimetre))
            fraction %= Length.perMillimetre
        }
    }
}
