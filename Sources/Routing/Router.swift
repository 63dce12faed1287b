/// Routes by path: a trie built once.
package struct Router: Sendable {
    package enum Match: Sendable {
        case found(Route, pathParameters: [String: String])
        case wrongMethod(allowed: [String])
        case notFound
    }

    /// - Throws: `RouterError` when two routes answer to the same method and path.
    package init(_ routes: [Route]) throws { fatalError("skeleton") }
}
