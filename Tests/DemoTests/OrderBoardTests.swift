import Kernel
import Testing

@testable import Forma3DDemo

@Suite struct OrderBoardTests {
    private let start = ContinuousClock.now

    private func order(_ id: String, _ status: String, done: Int64 = 0, of all: Int64 = 0) -> JSONValue {
        [
            "id": .string("uuid-\(id)"), "shopifyOrderId": .string(id), "orderNumber": .string("#\(id)"),
            "status": .string(status), "printJobsDone": .integer(done), "printJobCount": .integer(all),
            "attention": .null,
        ]
    }

    @Test func anOrderIsShownOnceForEachStage() {
        var board = OrderBoard()
        board.placed("1", at: start)
        #expect(board.update([order("1", "in_production", of: 7)], at: start).count == 1)
        #expect(board.update([order("1", "in_production", of: 7)], at: start + .seconds(1)).isEmpty)
        let changed = board.update([order("1", "partially_printed", done: 3, of: 7)], at: start + .seconds(2))
        #expect(changed == ["  · #1       printing, 3 of 7 parts done          2.0 s"])
    }

    @Test func theBoardIsDoneWhenEveryOrderIs() {
        var board = OrderBoard()
        #expect(!board.areAllFulfilled)
        board.placed("1", at: start)
        board.placed("2", at: start)
        _ = board.update([order("1", "fulfilled")], at: start + .seconds(3))
        #expect(!board.areAllFulfilled)
        _ = board.update([order("2", "fulfilled"), order("1", "fulfilled")], at: start + .seconds(9))
        #expect(board.areAllFulfilled)
        #expect(board.rows.map(\.fulfilledAfterSeconds) == [3, 9])
    }

    @Test func ordersOfOthersJoinTheBoard() {
        var board = OrderBoard()
        _ = board.update([order("5", "received")], at: start)
        #expect(board.lines(at: start).count == 1)
    }

    @Test func whatNeedsAPersonIsMarked() {
        var board = OrderBoard()
        guard case .object(var members) = order("1", "needs_mapping") else { return }
        members["attention"] = ["code": "unmapped", "reason": "SKU X is not mapped"]
        let lines = board.update([.object(members)], at: start)
        #expect(lines.first?.contains("! #1") == true && lines.first?.contains("SKU X is not mapped") == true)
    }

    @Test func aTableHasStraightColumns() {
        let lines = DemoTable.table([["a", "bb"], ["ccc", "d"]])
        #expect(lines == ["  a     bb", "  ───   ──", "  ccc   d"])
    }
}
