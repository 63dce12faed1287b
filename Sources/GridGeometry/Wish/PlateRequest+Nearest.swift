extension PlateRequest {
    /// - Throws: every field that stands in the way of a plate. The nearest values go together: with all of them none of
    ///   the fields they belong to is refused here again. What has no nearest value stays refused, and other fields may
    ///   be refused once these are right, or when the plate is planned.
    package func wish() throws(PlateRefusal) -> PlateWish {
        var reader = WishReader(self)
        do {
            return try reader.wish()
        } catch {
            throw PlateRefusal(mended(error.items))
        }
    }

    /// The smallest bed by itself may be too small for this drawer, and a filler's size may have no effect with the
    /// nearest filler: what comes nearest is tried, made right where it would be refused again, and withdrawn where it
    /// cannot be.
    private func mended(_ refused: [PlateRefusal.Item]) -> [PlateRefusal.Item] {
        var items = refused
        var trial = self
        for round in 1...Self.roundsMaximum {
            var isTaken = false
            for item in items {
                if let nearest = item.nearest, trial.take(nearest, for: item.field) { isTaken = true }
            }
            guard isTaken else { return items }
            var reader = WishReader(trial)
            let again: PlateRefusal
            do {
                _ = try reader.wish()
                return items
            } catch {
                again = error
            }
            var isChanged = false
            for index in items.indices where items[index].nearest != nil {
                guard let next = again.items.first(where: { $0.field == items[index].field }) else { continue }
                isChanged = true
                let isNearer = next.nearest != items[index].nearest && round < Self.roundsMaximum
                items[index] = items[index].with(nearest: isNearer ? next.nearest : nil)
            }
            guard isChanged else { return items }
        }
        return items
    }

    /// Of readings of a request: what a refusal may cost.
    private static let roundsMaximum = 4

    /// Puts the `nearest` value of a refusal in its field's place.
    /// - Returns: false when there is no such field, or the text is no value of it.
    package mutating func take(_ nearest: String, for name: String) -> Bool {
        if let later = laterFeatures.firstIndex(of: name), nearest == "false" {
            laterFeatures.remove(at: later)
            return true
        }
        let root = Self.root(of: name)
        guard let field = Self.fields.first(where: { $0.name == root }) else { return false }
        switch field.place {
        case .number(let path):
            guard let number = Double(nearest) else { return false }
            self[keyPath: path] = number
        case .whole(let path):
            guard let whole = Int(nearest) else { return false }
            self[keyPath: path] = whole
        case .flag(let path):
            guard let flag = Bool(nearest) else { return false }
            self[keyPath: path] = flag
        case .text(let path):
            self[keyPath: path] = nearest
        case .list(let path):
            let numbers = nearest.dropFirst().dropLast().split(separator: ",").map { Int($0.drop { $0 == " " }) }
            guard nearest.hasPrefix("["), nearest.hasSuffix("]"), !numbers.contains(nil) else { return false }
            self[keyPath: path] = numbers.compactMap(\.self)
        case .sides(let path):
            guard let number = Double(nearest) else { return false }
            guard let side = Self.side(of: name) else {
                self[keyPath: path] = Sides(all: number)
                return true
            }
            var sides = self[keyPath: path] ?? Sides(all: 0)
            sides[keyPath: side] = number
            self[keyPath: path] = sides
        }
        return true
    }

    private static func side(of name: String) -> WritableKeyPath<Sides<Double>, Double>? {
        switch name.split(separator: ".").dropFirst().first {
        case "north": \.north
        case "east": \.east
        case "south": \.south
        case "west": \.west
        default: nil
        }
    }

    /// A list as it is written in a body.
    static func text(of numbers: [Int]) -> String { "[" + numbers.map(String.init).joined(separator: ", ") + "]" }
}

extension PlateRefusal.Item {
    func with(nearest: String?) -> PlateRefusal.Item {
        PlateRefusal.Item(field, reason, allowed: allowed, nearest: nearest)
    }
}
