import Testing

@testable import Forma3DSimulator

@Suite struct SeedTests {
    @Test func aSeedIsReadAsItIsWritten() {
        let seed = SimulationSeed(layer: .pure, number: 0xabc, days: 20, ordersPerDay: 50)
        #expect(seed.description == "v1:pure:0000000000000abc:20:50")
        #expect(SimulationSeed(seed.description) == seed)
        for text in ["", "v2:pure:0000000000000abc:20:50", "v1:pure:abc:20:50", "v1:pure:0000000000000abc:0:50"] {
            #expect(SimulationSeed(text) == nil)
        }
    }
}
