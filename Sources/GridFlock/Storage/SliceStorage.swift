import Contracts
import Kernel
package import Postgres

/// All SQL of slices.
package enum SliceStorage {
    /// In place of what the same source said before.
    /// - Returns: the slice as it is kept, and whether its source is new.
    package static func save(_ slice: Slice, in transaction: Transaction) async throws -> (slice: Slice, isNew: Bool) {
        let rows = try await transaction.query(
            """
            INSERT INTO gridflock.slice AS known (id, source, material, infill_percent, part_count,
                volume_cubic_millimetres, grams, seconds, design_id)
            VALUES (\(slice.id), \(slice.source), \(slice.material), \(slice.infillPercent), \(slice.partCount),
                \(slice.cubicMillimetres), \(slice.grams), \(slice.seconds), \(slice.designID))
            ON CONFLICT (source) DO UPDATE SET material = excluded.material, infill_percent = excluded.infill_percent,
                part_count = excluded.part_count, volume_cubic_millimetres = excluded.volume_cubic_millimetres,
                grams = excluded.grams, seconds = excluded.seconds, design_id = excluded.design_id,
                recorded_at = excluded.recorded_at
            RETURNING *
            """)
        guard let row = rows.first else { throw RowError(column: "id", reason: "is not there after it was written") }
        let kept = try self.slice(row)
        return (kept, kept.id == slice.id)
    }

    package static func delete(_ id: SliceID, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute("DELETE FROM gridflock.slice WHERE id = \(id)") == 1
    }

    /// A page. The source that was first told of last comes first; one that is told of again keeps its place, so that
    /// nothing moves from one page to another.
    package static func slices(before: SliceID?, limit: Int, in database: Database) async throws -> [Slice] {
        try await database.query(
            """
            SELECT * FROM gridflock.slice WHERE (\(before)::uuid IS NULL OR id < \(before)::uuid)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(slice)
    }

    /// Those of a material whose infill is the one asked for, or was not said; the newest first.
    package static func slices(
        material: String, infillPercent: Double, limit: Int, in database: Database
    ) async throws -> [Slice] {
        try await database.query(
            """
            SELECT * FROM gridflock.slice
            WHERE lower(material) = lower(\(material)::text)
                AND (infill_percent IS NULL OR abs(infill_percent - \(infillPercent)::double precision) < 0.5)
            ORDER BY recorded_at DESC, id DESC LIMIT \(limit)
            """
        ).map(slice)
    }

    private static func slice(_ row: Row) throws -> Slice {
        Slice(
            id: try row("id"), source: try row("source"), material: try row("material"),
            infillPercent: try row.optional("infill_percent"), partCount: try row("part_count"),
            cubicMillimetres: try row.optional("volume_cubic_millimetres"), grams: try row.optional("grams"),
            seconds: try row("seconds"), designID: try row.optional("design_id"),
            recordedAt: try row.optional("recorded_at"))
    }
}
