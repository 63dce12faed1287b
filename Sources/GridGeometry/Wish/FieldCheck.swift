/// What is wrong with one field of a request: its value by itself, and that it is said without effect.
struct FieldCheck {
    let field: PlateRequest.Field

    init(_ field: PlateRequest.Field) { self.field = field }

    /// A value is held to its range whether it counts or not.
    func faults(in request: PlateRequest) -> [PlateRefusal.Item] {
        guard let bounds = field.bounds else { return [] }
        switch field.place {
        case .number(let path):
            return request[keyPath: path].flatMap { bounds.fault(of: $0, in: field.name) }.map { [$0] } ?? []
        case .whole(let path):
            return request[keyPath: path].flatMap { bounds.fault(of: Double($0), in: field.name) }.map { [$0] } ?? []
        case .text(let path):
            return request[keyPath: path].flatMap { bounds.fault(of: $0, in: field.name) }.map { [$0] } ?? []
        case .sides(let path):
            guard let sides = request[keyPath: path] else { return [] }
            return [
                bounds.fault(of: sides.north, in: field.name + ".north"),
                bounds.fault(of: sides.east, in: field.name + ".east"),
                bounds.fault(of: sides.south, in: field.name + ".south"),
                bounds.fault(of: sides.west, in: field.name + ".west"),
            ].compactMap(\.self)
        case .flag, .list: return []
        }
    }

    /// What the field would need to count, where it is said and does not.
    func missingNeed(in request: PlateRequest) -> FieldNeed? {
        guard field.isSaid(in: request) else { return nil }
        return field.needs.first { !$0.isMet(request) }
    }

    /// The refusal of an option that is said without effect, unless a saved configuration carries it along.
    func idle(in request: PlateRequest) -> PlateRefusal.Item? {
        guard !request.savedNames.contains(field.name), let need = missingNeed(in: request) else { return nil }
        return PlateRefusal.Item(
            field.name, "has no effect \(need.missing)", allowed: "with \(need.mend), or not at all")
    }
}

extension PlateRequest.Field {
    /// Whether the request says something there.
    package func isSaid(in request: PlateRequest) -> Bool {
        switch place {
        case .number(let path): request[keyPath: path] != nil
        case .whole(let path): request[keyPath: path] != nil
        case .flag(let path): request[keyPath: path] != nil
        case .text(let path): request[keyPath: path] != nil
        case .list(let path): request[keyPath: path] != nil
        case .sides(let path): request[keyPath: path] != nil
        }
    }

    func clear(in request: inout PlateRequest) {
        switch place {
        case .number(let path): request[keyPath: path] = nil
        case .whole(let path): request[keyPath: path] = nil
        case .flag(let path): request[keyPath: path] = nil
        case .text(let path): request[keyPath: path] = nil
        case .list(let path): request[keyPath: path] = nil
        case .sides(let path): request[keyPath: path] = nil
        }
    }

    func copy(from other: PlateRequest, to request: inout PlateRequest) {
        switch place {
        case .number(let path): request[keyPath: path] = other[keyPath: path]
        case .whole(let path): request[keyPath: path] = other[keyPath: path]
        case .flag(let path): request[keyPath: path] = other[keyPath: path]
        case .text(let path): request[keyPath: path] = other[keyPath: path]
        case .list(let path): request[keyPath: path] = other[keyPath: path]
        case .sides(let path): request[keyPath: path] = other[keyPath: path]
        }
    }
}

extension PlateRequest {
    /// Takes what the other says over what is said here: flags over a saved configuration.
    package mutating func take(_ other: PlateRequest) {
        for field in Self.fields where field.isSaid(in: other) {
            field.copy(from: other, to: &self)
            savedNames.remove(field.name)
        }
    }
}
