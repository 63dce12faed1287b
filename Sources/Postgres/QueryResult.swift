/// What one statement of a flight gave.
package struct QueryResult: Sendable {
    package let rows: [Row]
    /// How many rows were touched; 0 for statements that touch none.
    package let touchedCount: Int

    package init(rows: [Row] = [], touchedCount: Int = 0) {
        self.rows = rows
        self.touchedCount = touchedCount
    }

    init(_ result: StatementResult) {
        self.init(rows: result.rows, touchedCount: result.touchedCount)
    }
}
