import Kernel

/// Reads a configuration saved from the upstream generator: its own names and values, its defaults for what is missing.
package enum UpstreamParameters {
    /// Upstream's defaults where ours are not the same or where we have none.
    private static let plateSize = (371.0, 254.0)
    private static let bedSize = (250.0, 220.0)

    /// - Parameters:
    ///   - json: `{"plate_size": [371, 254], …}` or OpenSCAD's `{"parameterSets": {"name": {…}}}`.
    ///   - set: which of the file's sets; it may be nil where there is but one.
    /// - Throws: a refusal that names every parameter that is unknown, unreadable or not made yet.
    package static func read(_ json: [UInt8], set: String? = nil) throws(PlateRefusal) -> PlateRequest {
        guard let body = try? JSON.decode(JSONValue.self, from: json), case .object(let members) = body else {
            throw PlateRefusal("body", "is not a JSON object", allowed: "an object with upstream's parameters")
        }
        return try read(parameters(members, set: set))
    }

    private static func parameters(
        _ members: [String: JSONValue], set: String?
    ) throws(PlateRefusal) -> [String: JSONValue] {
        guard let sets = members["parameterSets"] else {
            guard set == nil else { throw PlateRefusal("parameterSets", "is missing, so there is no set of that name") }
            return members
        }
        guard case .object(let named) = sets, !named.isEmpty else {
            throw PlateRefusal("parameterSets", "holds no set", allowed: "an object with at least one set")
        }
        let names = named.keys.sorted()
        let listed = names.joined(separator: ", ")
        // Which of several was meant nobody could tell from the plate.
        guard let name = set ?? (names.count == 1 ? names[0] : nil) else {
            throw PlateRefusal(
                "parameterSets", "holds \(names.count) sets, and none of them is named", allowed: "one of \(listed)")
        }
        guard case .object(let chosen)? = named[name] else {
            throw PlateRefusal(
                "parameterSets.\(name)", "is no set of parameters", allowed: listed,
                nearest: NearestWord.of(name, among: names))
        }
        return chosen
    }

    private static func read(_ parameters: [String: JSONValue]) throws(PlateRefusal) -> PlateRequest {
        var request = PlateRequest(
            drawerWidthMillimetres: plateSize.0, drawerDepthMillimetres: plateSize.1, bedWidthMillimetres: bedSize.0,
            bedDepthMillimetres: bedSize.1)
        var refused: [PlateRefusal.Item] = []
        var split = UpstreamSplit()
        for (name, meaning) in UpstreamName.table {
            guard let json = parameters[name] else { continue }
            let value = UpstreamValue(json)
            if case .special = meaning {
                if !split.take(name, value) {
                    refused.append(
                        PlateRefusal.Item(
                            name, "has no value that is known here", allowed: split.allowed(name),
                            nearest: split.nearest(name, value)))
                }
            } else if let item = apply(value, to: meaning, named: name, in: &request) {
                refused.append(item)
            }
        }
        let known = Set(UpstreamName.table.map(\.name))
        for name in parameters.keys.sorted() where !known.contains(name) {
            let near = NearestWord.of(name, among: UpstreamName.table.map(\.name)).map { "perhaps \($0)" }
            refused.append(PlateRefusal.Item(name, "is not a parameter of the upstream generator", allowed: near))
        }
        guard refused.isEmpty else { throw PlateRefusal(refused) }
        request.savedNames = Set(PlateRequest.fields.filter { $0.isSaid(in: request) }.map(\.name))
        split.apply(to: &request)
        return request
    }

    private static func apply(
        _ value: UpstreamValue, to meaning: UpstreamName.Meaning, named name: String, in request: inout PlateRequest
    ) -> PlateRefusal.Item? {
        func unreadable(_ kind: String, _ nearest: String? = nil) -> PlateRefusal.Item {
            PlateRefusal.Item(name, "cannot be read", allowed: kind, nearest: nearest)
        }
        switch meaning {
        case .number(let path):
            guard let number = value.number else { return unreadable("a number", value.nearestNumber) }
            request[keyPath: path] = number
        case .whole(let path):
            guard let whole = value.whole else { return unreadable("a whole number", value.nearestWhole) }
            request[keyPath: path] = whole
        case .flag(let path):
            guard let flag = value.flag else { return unreadable("true or false", value.nearestFlag) }
            request[keyPath: path] = flag
        case .pair(let x, let y):
            guard let pair = value.numbers(2) else { return unreadable("[x, y]") }
            request[keyPath: x] = pair[0]
            request[keyPath: y] = pair[1]
        case .wholePair(let x, let y):
            guard let pair = value.wholes(2) else { return unreadable("[x, y], whole numbers") }
            request[keyPath: x] = pair[0]
            request[keyPath: y] = pair[1]
        case .sides(let path):
            guard let sides = value.numbers(4) else { return unreadable("[north, east, south, west]") }
            request[keyPath: path] = Sides(north: sides[0], east: sides[1], south: sides[2], west: sides[3])
        case .text(let path):
            guard let text = value.text else { return unreadable("a text") }
            request[keyPath: path] = text
        case .choice(let path, let words):
            guard let word = value.whole.flatMap({ words[$0] }) else {
                let known = words.keys.sorted().map { "\($0) (\(words[$0] ?? ""))" }
                return unreadable(known.joined(separator: ", "), value.nearest(among: words))
            }
            request[keyPath: path] = word
        case .later:
            guard value.isOn else { return nil }
            request.laterFeatures.append(name)
        case .ignored, .special:
            break
        }
        return nil
    }
}
