import FoundationEssentials
import Kernel

extension PlateRequest: Codable {
    /// - Throws: `PlateRefusal` with every field that is unknown or cannot be read; `DecodingError` when there is no
    ///   object.
    package init(from decoder: any Decoder) throws {
        self.init()
        let object = try decoder.looseObject()
        var refused: [PlateRefusal.Item] = []
        for field in Self.fields where object.has(LooseKey(stringValue: field.name)) {
            if let item = read(field, from: object) { refused.append(item) }
        }
        for name in Self.laterNames {
            let key = LooseKey(stringValue: name)
            if object.has(key), try object.decode(JSONValue.self, forKey: key).isOn { laterFeatures.append(name) }
        }
        let known = Set(Self.fields.map(\.name) + Self.laterNames)
        let unknown = object.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
        refused += UnknownFields.items(unknown, perhaps: Self.similar)
        guard refused.isEmpty else { throw PlateRefusal(refused) }
    }

    private mutating func read(_ field: Field, from object: LooseObject) -> PlateRefusal.Item? {
        let key = LooseKey(stringValue: field.name)
        func value<Value: Decodable>(_ type: Value.Type) -> Value? { try? object.decode(type, forKey: key) }
        func refused(_ reason: String, _ allowed: String) -> PlateRefusal.Item {
            let nearest = value(JSONValue.self).flatMap { NearestReading(field: field).nearest(to: $0) }
            return PlateRefusal.Item(field.name, reason, allowed: allowed, nearest: nearest)
        }
        switch field.place {
        case .number(let path):
            self[keyPath: path] = value(Double.self)
            return self[keyPath: path] == nil
                ? refused("is no number", field.bounds?.allowed ?? "a number") : nil
        case .whole(let path):
            self[keyPath: path] = value(Int.self)
            return self[keyPath: path] == nil
                ? refused("is no whole number", "a whole number, \(field.bounds?.allowed ?? "any")") : nil
        case .flag(let path):
            self[keyPath: path] = value(Bool.self)
            return self[keyPath: path] == nil ? refused("is neither true nor false", "true or false") : nil
        case .text(let path):
            self[keyPath: path] = value(String.self)
            return self[keyPath: path] == nil ? refused("is no text", field.bounds?.allowed ?? "a text") : nil
        case .list(let path):
            self[keyPath: path] = value([Int].self)
            return self[keyPath: path] == nil
                ? refused("is no list of whole numbers", "whole numbers in brackets") : nil
        case .sides(let path):
            if let all = value(Double.self) {
                self[keyPath: path] = Sides(all: all)
                return nil
            }
            let sides = value([String: Double].self)
            let names = ["north", "east", "south", "west"]
            guard let sides, sides.keys.allSatisfy(names.contains) else {
                return refused(
                    "is neither a number nor sides with numbers",
                    "a number for all sides, or an object with north, east, south and west")
            }
            self[keyPath: path] = Sides(
                north: sides["north"] ?? 0, east: sides["east"] ?? 0, south: sides["south"] ?? 0,
                west: sides["west"] ?? 0)
            return nil
        }
    }

    /// The known fields that a typing error is nearest to: same letters but for case and units, or few that differ.
    private static func similar(to name: String) -> String? {
        // What is longer is no slip of the keys.
        guard (4...60).contains(name.utf8.count) else { return nil }
        let lower = name.lowercased()
        let near = fields.map(\.name).filter { known in
            let other = known.lowercased()
            return other.hasPrefix(lower) || lower.hasPrefix(other)
        }
        if near.isEmpty { return NearestWord.of(name, among: fields.map(\.name)).map { "perhaps \($0)" } }
        return "perhaps " + near.prefix(3).joined(separator: ", ")
    }

    /// What a saved configuration carries along without effect is not written: read back, it would be refused.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: LooseKey.self)
        for field in Self.fields where !isCarriedAlong(field) {
            let key = LooseKey(stringValue: field.name)
            switch field.place {
            case .number(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
            case .whole(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
            case .flag(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
            case .text(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
            case .list(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
            case .sides(let path):
                guard let sides = self[keyPath: path] else { continue }
                let object = ["north": sides.north, "east": sides.east, "south": sides.south, "west": sides.west]
                try container.encode(object, forKey: key)
            }
        }
        for name in laterFeatures { try container.encode(true, forKey: LooseKey(stringValue: name)) }
    }

    private func isCarriedAlong(_ field: Field) -> Bool {
        savedNames.contains(field.name) && FieldCheck(field).missingNeed(in: self) != nil
    }
}

extension JSONValue {
    /// Says yes, or asks for more than nothing.
    var isOn: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .decimal(let value): value != 0
        case .string(let value): !value.isEmpty
        case .array(let values): values.contains(where: \.isOn)
        case .object(let members): members.values.contains(where: \.isOn)
        }
    }
}
