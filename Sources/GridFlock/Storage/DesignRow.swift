import Contracts
import Kernel
package import Postgres

/// Rows to values.
package enum DesignRow {
    package static func design(_ row: Row) throws -> Design {
        Design(
            id: try row("id"), canonical: try row("canonical"), digest: try row("digest"), request: try row("request"),
            drawerWidthTenthMicrometres: try row("drawer_width_tenth_micrometres"),
            drawerDepthTenthMicrometres: try row("drawer_depth_tenth_micrometres"), partCount: try row("part_count"),
            state: try state(row), generatorRevision: try row.optional("generator_revision"),
            generationMilliseconds: try row.optional("generation_milliseconds"), createdAt: try row("created_at"),
            updatedAt: try row("updated_at"), attention: try attention(row))
    }

    package static func file(_ row: Row) throws -> DesignFile {
        let facts: String? = try row.optional("facts")
        return DesignFile(
            name: try row("name"), mediaType: try row("media_type"), digest: try row("digest"),
            sizeBytes: try row("size_bytes"), facts: try facts.map { try JSON.decode(JSONValue.self, from: $0) })
    }

    private static func state(_ row: Row) throws -> DesignState {
        guard let state = DesignState(rawValue: try row("state")) else {
            throw RowError(column: "state", reason: "is no design state")
        }
        return state
    }

    private static func attention(_ row: Row) throws -> Attention? {
        guard let code: String = try row.optional("problem_code") else { return nil }
        return Attention(
            code: code, reason: try row("problem_text"), since: try row("problem_since"),
            action: try row("problem_action"))
    }
}
