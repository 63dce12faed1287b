package import GridGeometry

extension PlateRequest {
    /// Reads the fields of the body from a query: numbers and texts as they are, lists with commas, sides as one number
    /// or as north, east, south and west with commas.
    /// - Parameters:
    ///   - query: names and values, percent-decoded; each name once.
    ///   - isAllowed: fields that may be named; the others are refused as unknown.
    /// - Throws: every name that is unknown and every value that cannot be read.
    package init(
        query: [(name: String, value: String)], isAllowed: (String) -> Bool = { _ in true }
    ) throws(PlateRefusal) {
        self.init()
        var refused: [PlateRefusal.Item] = []
        var unknown: [String] = []
        var counts: [String: Int] = [:]
        for (name, value) in query {
            let count = counts[name, default: 0] + 1
            counts[name] = count
            guard let field = Self.fieldsByName[name], isAllowed(name) else {
                if count == 1 { unknown.append(name) }
                continue
            }
            if count > 1 {
                // Said a thousand times it is still one field.
                if count == 2 { refused.append(.init(name, "is said twice", allowed: "one value")) }
            } else if let allowed = set(field.place, value) {
                let nearest = NearestReading.nearest(to: value, in: field)
                refused.append(.init(name, "cannot be read", allowed: allowed, nearest: nearest))
            }
        }
        refused += UnknownFields.items(unknown)
        guard refused.isEmpty else { throw PlateRefusal(refused) }
    }

    private static let fieldsByName = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })

    /// - Returns: what would be right, where this is not.
    private mutating func set(_ place: Field.Place, _ text: String) -> String? {
        switch place {
        case .number(let path):
            self[keyPath: path] = Double(text)
            return self[keyPath: path] == nil ? "a number" : nil
        case .whole(let path):
            self[keyPath: path] = Int(text)
            return self[keyPath: path] == nil ? "a whole number" : nil
        case .flag(let path):
            self[keyPath: path] = text == "true" ? true : text == "false" ? false : nil
            return self[keyPath: path] == nil ? "true or false" : nil
        case .text(let path):
            self[keyPath: path] = text
            return nil
        case .list(let path):
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            guard !numbers.contains(nil) else { return "whole numbers with commas" }
            self[keyPath: path] = numbers.compactMap(\.self)
            return nil
        case .sides(let path):
            guard let sides = Sides(text: text) else {
                return "a number for all sides, or four with commas: north, east, south, west"
            }
            self[keyPath: path] = sides
            return nil
        }
    }
}

extension Sides<Double> {
    /// `1.5`, or `1,0,1,0` for north, east, south and west.
    package init?(text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        switch numbers.count {
        case 1 where !text.contains(","): self.init(all: numbers[0])
        case 4: self.init(north: numbers[0], east: numbers[1], south: numbers[2], west: numbers[3])
        default: return nil
        }
    }
}
