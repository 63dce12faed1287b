import FoundationEssentials

/// One page of a connection: `first`/`after` or `last`/`before`, `nodes` or `edges`, and `pageInfo`.
struct ConnectionPage: Sendable {
    /// An element with what its cursor holds.
    struct Entry: Sendable {
        let object: GraphQLObject
        let id: Int64
        /// The sort key, milliseconds for times.
        let value: Int64

        /// Base64 of `{"last_id":…,"last_value":…}`, the recorded format; clients must not read it.
        var cursor: String {
            Data("{\"last_id\":\(id),\"last_value\":\(value)}".utf8).base64EncodedString()
        }
    }

    static let sizeMaximum = 250

    private let entries: [Entry]
    private let hasNext: Bool
    private let hasPrevious: Bool

    init(_ all: [Entry], _ arguments: GraphQLArguments) {
        var range = all[...]
        if let after = arguments["after"]?.string, let index = Self.index(of: after, in: all) {
            range = range.dropFirst(index + 1)
        }
        if let before = arguments["before"]?.string, let index = Self.index(of: before, in: all) {
            range = range.prefix(max(0, index - range.startIndex))
        }
        if let last = arguments["last"]?.integer {
            entries = Array(range.suffix(min(Self.sizeMaximum, max(0, Int(clamping: last)))))
        } else {
            let first = arguments["first"]?.integer ?? 50
            entries = Array(range.prefix(min(Self.sizeMaximum, max(0, Int(clamping: first)))))
        }
        hasNext = entries.last.map { last in all.last.map { $0.id != last.id } ?? false } ?? false
        hasPrevious = entries.first.map { first in all.first.map { $0.id != first.id } ?? false } ?? false
    }

    /// Where the cursor points; one whose element moved away (its sort key changed) points to where it would stand.
    private static func index(of cursor: String, in all: [Entry]) -> Int? {
        guard let bytes = Data(base64Encoded: cursor), let node = JSONNode.parse(Array(bytes)),
            let id = node["last_id"]?.integer, let value = node["last_value"]?.integer
        else { return nil }
        if let exact = all.firstIndex(where: { $0.id == id && $0.value == value }) { return exact }
        let isRising = (all.first?.value ?? 0) <= (all.last?.value ?? 0)
        let next = all.firstIndex { isRising ? ($0.value, $0.id) > (value, id) : ($0.value, $0.id) < (value, id) }
        return (next ?? all.count) - 1
    }

    func resolved(_ type: String) -> GraphQLResolved {
        .object(
            GraphQLObject("\(type)Connection") { [self] field, _ in
                switch field {
                case "nodes": .objects(entries.map(\.object))
                case "edges":
                    .objects(
                        entries.map { entry in
                            GraphQLObject(
                                "\(type)Edge",
                                members: ["cursor": .string(entry.cursor), "node": .object(entry.object)])
                        })
                case "pageInfo":
                    .object(
                        GraphQLObject(
                            "PageInfo",
                            members: [
                                "hasNextPage": .bool(hasNext), "hasPreviousPage": .bool(hasPrevious),
                                "startCursor": .text(entries.first?.cursor),
                                "endCursor": .text(entries.last?.cursor),
                            ]))
                default: .null
                }
            })
    }
}
