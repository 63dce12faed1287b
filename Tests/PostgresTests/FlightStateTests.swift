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
}
