import Testing

@testable import Postgres

/// What a flight knows of itself, without any connection.
@Suite struct FlightStateTests {
    private let refusal = PostgresError(kind: .server, sqlState: .uniqueViolation, message: "taken")

    @Test func aCommitThatWasHandedOverMayHaveHappenedBeforeItsSyncWasSent() {
        var flight = Flight(commits: true, capacity: 1)
        flight.sent(.opening)
        flight.sent(.statement(0))
        #expect(!flight.mayHaveCommitted)
        flight.sent(.commit)
        #expect(!flight.isSyncSent)
        #expect(flight.mayHaveCommitted)
        // What the server refused it does not commit.
        flight.failed(refusal, isServerAlive: true)
        #expect(!flight.mayHaveCommitted)
    }

    @Test func aFlightThatItsSyncCommitsMayHaveHappenedOnceThatWasSent() {
        var flight = Flight(commits: true, capacity: 1)
        flight.sent(.statement(0))
        #expect(!flight.mayHaveCommitted)
        flight.isSyncSent = true
        #expect(flight.mayHaveCommitted)
    }

    @Test func whatWasToBeDroppedAndWasNotIsOwedUnlessItWasNeverThere() {
        var flight = Flight(commits: true, capacity: 2)
        let steps: [Flight.Step] = [
            .deallocation(name: "f1"), .statement(0), .deallocation(name: "f2"), .preparation(key: "a", name: "f3"),
            .deallocation(name: "f3"), .statement(1),
        ]
        for step in steps { flight.sent(step) }
        func finish() {
            let isAnswered = flight.finishStep()
            #expect(isAnswered)
        }
        flight.succeeded(StatementResult())
        finish()
        flight.failed(refusal, isServerAlive: true)
        finish()
        while flight.isAwaiting {
            flight.skipped()
            finish()
        }
        #expect(flight.owedDeallocations == ["f2"])
        #expect(flight.unpreparedKeys == ["a"])
    }

    @Test func aDropThatTheServerRefusesIsNotOwed() {
        var flight = Flight(commits: true, capacity: 1)
        flight.sent(.deallocation(name: "f1"))
        flight.sent(.statement(0))
        flight.failed(PostgresError(kind: .server, sqlState: "26000", message: "gone"), isServerAlive: true)
        #expect(flight.owedDeallocations.isEmpty)
    }
}
