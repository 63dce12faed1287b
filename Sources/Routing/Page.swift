package import HTTPWire
package import Kernel

/// One page of a list, newest first: `limit` and `cursor` in, `{items, nextCursor}` out.
///
/// Ids are UUIDv7, so they sort by time and the cursor is simply the last id shown: nothing shifts when rows are added.
package struct Page<Tag>: Sendable {
    package let before: ID<Tag>?
    package let limit: Int

    package static var parameters: [Parameter] {
        [
            .init("limit", "1 to 200, default 50", .integer),
            .init("cursor", "nextCursor of the page before", .format("uuid")),
        ]
    }

    package static func schema(name: String, of item: Schema) -> Schema {
        .object(name: name, [.init("items", .array(item)), .init("nextCursor", .nullable(.format("uuid")))])
    }

    /// - Throws: `Problem` 422 for a limit or cursor that is none.
    package init(_ call: Call) throws {
        limit = try call.integer("limit", in: 1...200, default: 50)
        before = try call.optionalID("cursor")
    }

    /// - Parameter found: up to one more than `limit`, which tells whether there is a next page.
    package func answer<Item>(_ found: [Item], id: (Item) -> ID<Tag>, write: (Item) -> JSONValue) throws -> HTTPResponse
    {
        let shown = found.prefix(limit)
        let next = found.count > limit ? shown.last.map(id) : nil
        return .json(
            try JSON.encode(JSONValue.object(["items": .array(shown.map(write)), "nextCursor": JSONValue(next)])))
    }
}

extension Call {
    /// An id in the query; nil when absent.
    /// - Throws: `Problem` 422 for anything that is no UUID.
    package func optionalID<Tag>(_ name: String, _ tag: Tag.Type = Tag.self) throws -> ID<Tag>? {
        guard let text = query(name) else { return nil }
        guard let id = ID<Tag>(text) else {
            throw Problem.invalid([
                .init(name, "is no id", allowed: "a UUID of 36 characters, as an answer of this API gave it")
            ])
        }
        return id
    }

    /// One of a closed set in the query; nil when absent.
    /// - Throws: `Problem` 422 that lists the set.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws -> Choice? {
        guard let text = query(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalid([.init(name, "is not one of the known values", allowed: allowed)])
        }
        return choice
    }
}
