package import HTTPWire

/// Routes by path: a trie built once.
///
/// The path is split on raw `/` and each segment is percent-decoded once, after the split, so that an escaped slash can
/// never move a boundary. Literals win over parameters; HEAD is answered by GET's route.
package struct Router: Sendable {
    /// A route on the heap: handed about as one reference instead of a dozen.
    package final class Entry: Sendable {
        package let route: Route
        init(_ route: Route) { self.route = route }
    }

    package enum Match: Sendable {
        case found(Entry, pathParameters: [String: String])
        /// `Allow`'s methods, sorted, with HEAD and OPTIONS.
        case wrongMethod(allowed: [String])
        case notFound
        /// A path nobody honest sends: the reason, for a 400.
        case malformedPath(String)
    }

    private struct Node {
        var literals: [String: Node] = [:]
        /// None or one: an array because a struct cannot hold itself.
        var parameter: [Node] = []
        var routes: [String: Entry] = [:]
    }

    /// All of them, in the order given.
    package let routes: [Route]
    /// What any path allows: `Allow` of `OPTIONS *`.
    package let allMethods: [String]
    private let root: Node
    /// Routes without parameters by their path as it is mostly sent: most requests need no walk.
    private let plain: [String: [Entry]]

    /// - Throws: `RouterError` when two routes answer to the same method and path, or a pattern is not well-formed.
    package init(_ routes: [Route]) throws {
        var root = Node()
        var plain: [String: [Entry]] = [:]
        for route in routes {
            let entry = Entry(route)
            try Self.check(route.pattern)
            try Self.insert(entry, at: route.pattern.segments[...], into: &root)
            if Self.isPlain(route.pattern) { plain[route.pattern.text, default: []].append(entry) }
        }
        self.root = root
        self.plain = plain
        self.routes = routes
        allMethods = Self.allowed(routes.map(\.method.name))
    }

    /// - Parameter path: as sent, still percent-encoded, without the query.
    package func match(method: HTTPMethod, path: String) -> Match {
        if let entries = plain[path] {
            for entry in entries where entry.route.method == method { return .found(entry, pathParameters: [:]) }
        }
        if path == "*" { return .notFound }
        let segments: [String]
        switch PathSegments.decode(path) {
        case .success(let decoded): segments = decoded
        case .failure(let malformed): return .malformedPath(malformed.reason)
        }
        var allowed: Set<String> = []
        var values: [String] = []
        if let entry = Self.find(root, segments[...], method.name, &values, &allowed) {
            return .found(entry, pathParameters: Self.named(values, entry.route.pattern))
        }
        return allowed.isEmpty ? .notFound : .wrongMethod(allowed: Self.allowed(allowed))
    }

    // MARK: Building

    private static func check(_ pattern: PathPattern) throws {
        guard pattern.text.hasPrefix("/") else { throw RouterError("\(pattern.text) does not start with /") }
        var names: Set<String> = []
        for segment in pattern.segments {
            switch segment {
            case .parameter(let name):
                guard !name.isEmpty, names.insert(name).inserted else {
                    throw RouterError("\(pattern.text) has a parameter without a name of its own")
                }
            case .literal(let text):
                guard !text.contains("{"), !text.contains("}") else {
                    throw RouterError("\(pattern.text) has a brace inside a segment; a parameter is a whole segment")
                }
            }
        }
    }

    /// A path of visible ASCII without escapes and dots is its own only spelling.
    private static func isPlain(_ pattern: PathPattern) -> Bool {
        let isLiteral = pattern.segments.allSatisfy { if case .literal = $0 { true } else { false } }
        return isLiteral && pattern.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
    }

    private static func insert(_ entry: Entry, at rest: ArraySlice<PathPattern.Segment>, into node: inout Node) throws {
        switch rest.first {
        case nil:
            let route = entry.route
            if let other = node.routes[route.method.name]?.route {
                throw RouterError(
                    "\(route.method) \(route.pattern.text) and \(other.method) \(other.pattern.text) are the same")
            }
            node.routes[route.method.name] = entry
        case .literal(let text):
            try insert(entry, at: rest.dropFirst(), into: &node.literals[text, default: Node()])
        case .parameter:
            if node.parameter.isEmpty { node.parameter.append(Node()) }
            try insert(entry, at: rest.dropFirst(), into: &node.parameter[0])
        }
    }

    // MARK: Finding

    private static func find(
        _ node: Node, _ rest: ArraySlice<String>, _ method: String, _ values: inout [String],
        _ allowed: inout Set<String>
    ) -> Entry? {
        guard let segment = rest.first else {
            if let entry = node.routes[method] ?? (method == "HEAD" ? node.routes["GET"] : nil) { return entry }
            allowed.formUnion(node.routes.keys)
            return nil
        }
        if let next = node.literals[segment], let entry = find(next, rest.dropFirst(), method, &values, &allowed) {
            return entry
        }
        guard let next = node.parameter.first, !segment.isEmpty else { return nil }
        values.append(segment)
        if let entry = find(next, rest.dropFirst(), method, &values, &allowed) { return entry }
        values.removeLast()
        return nil
    }

    /// The names are the matched route's own: two methods of one path may name its parameters differently.
    private static func named(_ values: [String], _ pattern: PathPattern) -> [String: String] {
        var parameters: [String: String] = [:]
        var index = 0
        for case .parameter(let name) in pattern.segments where index < values.count {
            parameters[name] = values[index]
            index += 1
        }
        return parameters
    }

    private static func allowed(_ methods: some Sequence<String>) -> [String] {
        var all = Set(methods)
        if all.contains("GET") { all.insert("HEAD") }
        all.insert("OPTIONS")
        return all.sorted()
    }
}

/// Two routes that cannot live together, or a pattern that cannot match; found when the program starts.
package struct RouterError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
