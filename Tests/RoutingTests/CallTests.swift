import HTTPWire
import Kernel
import Routing
import Testing

@Suite struct CallTests {
    private struct Part: Decodable { let quantityPerProduct: Int }
    private struct Mapping: Decodable {
        let name: String
        let parts: [Part]
    }

    private func call(_ body: String, contentType: String? = "application/json", query: String? = nil) throws -> Call {
        let route = Route(.post, "/x", "A test", tag: "Test", access: .open) { _ in .text("") }
        let request = HTTPRequest(
            method: .post, path: "/x", query: query,
            fields: HTTPFields(contentType.map { [("content-type", $0)] } ?? []),
            body: .bytes(Array(body.utf8)))
        return Call(request: request, route: route, pathParameters: [:])
    }

    private func problem(_ body: String, contentType: String? = "application/json") async throws -> Problem {
        let call = try call(body, contentType: contentType)
        return try #require(
            await #expect(throws: Problem.self) { _ = try await call.decode(Mapping.self) })
    }

    @Test(arguments: [
        ("{\"parts\":[]}", "name"), ("{\"name\":null,\"parts\":[]}", "name"), ("{\"name\":1,\"parts\":[]}", "name"),
        ("{\"name\":\"a\",\"parts\":{}}", "parts"),
        ("{\"name\":\"a\",\"parts\":[{\"quantityPerProduct\":1},{}]}", "parts[1].quantityPerProduct"),
        ("{\"name\":\"a\",\"parts\":[{\"quantityPerProduct\":\"x\"}]}", "parts[0].quantityPerProduct"),
        // The decoder does not say where.
        ("{\"name\":\"a\",\"parts\":[{\"quantityPerProduct\":1.5}]}", "body"),
        ("{\"name\":\"a\",\"parts\":[{\"quantityPerProduct\":18446744073709551616}]}", "body"),
        ("[]", "body"), ("1", "body"),
    ])
    func aWrongFieldIsNamed(_ body: String, _ field: String) async throws {
        let problem = try await problem(body)
        #expect(problem.status == 422)
        #expect(problem.fields.map(\.field) == [field])
    }

    @Test(arguments: ["{", "", "{\"name\":}", "\u{0}"])
    func brokenJSONIs400(_ body: String) async throws {
        #expect(try await problem(body).status == 400)
    }

    @Test func anotherContentTypeIs415() async throws {
        #expect(try await problem("{}", contentType: "text/plain").status == 415)
        #expect(try await problem("{}", contentType: "application/merge-patch+json; charset=utf-8").status == 422)
        #expect(try await problem("{}", contentType: nil).status == 422)
    }

    @Test func readsTheQuery() throws {
        let call = try call("", query: "a=1&b=x%20y+z&c&a=2&d=%zz&n=12&big=99999999999999999999")
        #expect(call.query("a") == "1")
        #expect(call.query("b") == "x y z")
        #expect(call.query("c") == "")
        #expect(call.query("d") == "%zz")
        #expect(call.query("none") == nil)
        #expect(try call.integer("n", in: 1...50, default: 5) == 12)
        #expect(try call.integer("none", in: 1...50, default: 5) == 5)
        for (name, range) in [("n", 1...11), ("big", 1...50), ("b", 1...50), ("c", 1...50)] {
            #expect(throws: Problem.self) { try call.integer(name, in: range, default: 5) }
        }
    }
}
