package import GridGeometry
package import Kernel

extension PlatePlan {
    /// On the wire and on the command line.
    package var members: [String: JSONValue] {
        [
            "drawer": wish.drawer.json, "plate": wish.platePrinted.json, "bed": wish.bed.json,
            "cells": .string(cellsText), "columnsMillimetres": .array(columns.map(\.json)),
            "rowsMillimetres": .array(rows.map(\.json)),
            "paddingMillimetres": [
                "north": padding.north.json, "east": padding.east.json, "south": padding.south.json,
                "west": padding.west.json,
            ],
            "parts": .array(segments.map { .object($0.members) }), "partCount": .integer(Int64(segments.count)),
            "notes": .array(notes.map { .string($0) }),
        ]
    }
}

extension SegmentPlan {
    package var members: [String: JSONValue] {
        var members = size.members
        members["number"] = .integer(Int64(number))
        members["xMillimetres"] = .millimetres(origin.x)
        members["yMillimetres"] = .millimetres(origin.y)
        members["cells"] = .string(cellsText)
        members["columns"] = .integer(Int64(columns.count))
        members["rows"] = .integer(Int64(rows.count))
        return members
    }
}

extension Size {
    package var members: [String: JSONValue] { ["widthMillimetres": width.json, "depthMillimetres": depth.json] }
    package var json: JSONValue { .object(members) }
}

extension Length {
    package var json: JSONValue { .millimetres(tenthMicrometres) }
}
