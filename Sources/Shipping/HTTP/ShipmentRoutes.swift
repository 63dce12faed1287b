import Artefacts
import Contracts
import HTTPWire
import Kernel
package import Routing

/// The shipments and their labels over REST.
package struct ShipmentRoutes: Sendable {
    private let answers: ShipmentAnswers

    package init(answers: ShipmentAnswers) {
        self.answers = answers
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/shipments", "List shipments, newest first", tag: "Shipments", access: .operators,
                parameters: Page<ShipmentTag>.parameters + [
                    .init("state", "only this state", .oneOf(ShipmentState.allCases.map(\.rawValue)))
                ],
                returns: Page<ShipmentTag>.schema(name: "ShipmentPage", of: ShipmentJSON.schema), problems: [422],
                handle: { call in
                    let page = try Page<ShipmentTag>(call)
                    let found = try await answers.page(
                        state: call.choice("state"), before: page.before, limit: page.limit + 1)
                    return try page.answer(found, id: \.id, write: \.json)
                }),
            Route(
                .get, "/api/v1/shipments/{id}", "Show one shipment", tag: "Shipments", access: .operators,
                returns: ShipmentJSON.schema, problems: [404],
                handle: { call in
                    guard let shipment = try await answers.view(call.id("id")) else {
                        throw Problem.notFound("There is no shipment with this id.")
                    }
                    return .json(try JSON.encode(shipment.json))
                }),
            Route(
                .get, "/api/v1/shipments/{id}/label", "The label as a PDF", tag: "Shipments", access: .operators,
                returns: .binary(mediaType: "application/pdf"), problems: [404],
                handle: { call in
                    let id: ShipmentID = try call.id("id")
                    guard let label = try await answers.label(of: id) else {
                        throw Problem.notFound("This shipment has no stored label (yet).")
                    }
                    return HTTPResponse(
                        fields: [
                            "content-type": label.mediaType,
                            "content-disposition": "inline; filename=\"label-\(id).pdf\"",
                        ], body: .bytes(label.bytes))
                }),
        ]
    }
}
