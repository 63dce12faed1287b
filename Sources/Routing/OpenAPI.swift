import HTTPWire
package import Kernel

/// The API's description, computed from the routes themselves (DESIGN §3.13).
///
/// Pure; encoded with `JSON.encode` its text is the same for the same routes, so that a change of the API shows as a
/// difference of one file.
package enum OpenAPI {
    private static let keyScheme = "operatorKey"

    package static func document(routes: [Route], title: String, version: String) -> JSONValue {
        var components = ComponentSchemas()
        var paths: [String: JSONValue] = [:]
        for route in routes {
            let operation = operation(route, &components)
            let method = route.method.name.lowercased()
            if case .object(var methods) = paths[route.pattern.text] {
                methods[method] = operation
                paths[route.pattern.text] = .object(methods)
            } else {
                paths[route.pattern.text] = .object([method: operation])
            }
        }
        components.schemas["Problem"] = problemSchema
        let scheme: JSONValue = [
            "type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An operator's key.",
        ]
        return [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": .string(version)],
            "paths": .object(paths),
            "components": [
                "schemas": .object(components.schemas), "securitySchemes": .object([keyScheme: scheme]),
            ],
            "tags": .array(Set(routes.map(\.tag)).sorted().map { ["name": .string($0)] }),
        ]
    }

    private static func operation(_ route: Route, _ components: inout ComponentSchemas) -> JSONValue {
        var operation: [String: JSONValue] = [
            "summary": .string(route.summary), "tags": [.string(route.tag)],
            "operationId": .string(operationID(route)), "security": security(route.access),
            "responses": responses(route, &components),
        ]
        let parameters = parameters(route, &components)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let takes = route.takes {
            operation["requestBody"] = ["required": true, "content": content(takes, &components)]
        }
        return .object(operation)
    }

    /// `getApiV1OrdersById`: unique because method and path are.
    private static func operationID(_ route: Route) -> String {
        let words = route.pattern.segments.map { segment in
            switch segment {
            case .literal(let text):
                text.split { !$0.isLetter && !$0.isNumber }.map(capitalized).joined()
            case .parameter(let name): "By" + capitalized(name[...])
            }
        }
        return route.method.name.lowercased() + words.joined()
    }

    private static func capitalized(_ word: Substring) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }

    private static func security(_ access: Route.Access) -> JSONValue {
        let key: JSONValue = [keyScheme: .array([])]
        return switch access {
        case .operators: [key]
        // An empty requirement is the alternative of needing none: a peer on the loopback address.
        case .loopbackOrOperators: [.object([:]), key]
        case .open, .webhook: .array([])
        }
    }

    private static func parameters(_ route: Route, _ components: inout ComponentSchemas) -> [JSONValue] {
        var parameters: [JSONValue] = []
        for case .parameter(let name) in route.pattern.segments {
            parameters.append(["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]])
        }
        for parameter in route.parameters {
            parameters.append([
                "name": .string(parameter.name), "in": "query", "required": false,
                "description": .string(parameter.text), "schema": components.json(parameter.schema),
            ])
        }
        return parameters
    }

    // MARK: Answers

    private static func responses(_ route: Route, _ components: inout ComponentSchemas) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for status in problemStatuses(route) {
            let problem: JSONValue = ["schema": ["$ref": "#/components/schemas/Problem"]]
            responses[String(status)] = [
                "description": .string(HTTPStatus(status).reason),
                "content": ["application/problem+json": problem],
            ]
        }
        for status in [route.status] + route.alsoAnswers {
            var success: [String: JSONValue] = ["description": .string(HTTPStatus(status).reason)]
            if status != 304, let returns = route.returns { success["content"] = content(returns, &components) }
            responses[String(status)] = .object(success)
        }
        return .object(responses)
    }

    /// What the route names, and what the gateway answers by itself.
    private static func problemStatuses(_ route: Route) -> Set<Int> {
        var statuses = Set(route.problems).union([500, 503])
        if route.access != .open { statuses.insert(401) }
        if route.takes != nil { statuses.insert(413) }
        return statuses
    }

    private static func content(_ schema: Schema, _ components: inout ComponentSchemas) -> JSONValue {
        if case .binary(let mediaType) = schema { return [mediaType: .object([:])] }
        return ["application/json": ["schema": components.json(schema)]]
    }

    /// RFC 9457 with our members, as `Problem.response` writes it.
    private static let problemSchema: JSONValue = [
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "requestId"],
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "code": ["type": "string", "description": "A stable word for programs."],
            "detail": ["type": "string", "description": "A sentence for people."],
            "requestId": ["type": "string", "description": "Finds the log lines of this request."],
            "instance": ["type": "string"],
            "field": ["type": "string", "description": "The first bad field."],
            "fields": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["field", "reason"],
                    "properties": [
                        "field": ["type": "string"], "reason": ["type": "string"], "allowed": ["type": "string"],
                        "nearest": [
                            "type": "string", "description": "The nearest value that would do, as it is written there.",
                        ],
                    ],
                ],
            ],
        ],
    ]
}

/// The named objects met so far, each once under `components`.
private struct ComponentSchemas {
    var schemas: [String: JSONValue] = [:]

    mutating func json(_ schema: Schema) -> JSONValue {
        switch schema {
        case .string: return ["type": "string"]
        case .format(let format): return ["type": "string", "format": .string(format)]
        case .integer: return ["type": "integer"]
        case .number: return ["type": "number"]
        case .boolean: return ["type": "boolean"]
        case .oneOf(let values): return ["type": "string", "enum": .array(values.map { .string($0) })]
        case .array(let element): return ["type": "array", "items": json(element)]
        case .any: return .object([:])
        case .binary(let mediaType): return ["type": "string", "contentMediaType": .string(mediaType)]
        case .nullable(let inner): return nullable(json(inner))
        case .object(let name, let properties):
            let definition = object(properties)
            // Two different objects of one name: the second is written out where it stands rather than lost.
            if let known = schemas[name], known != definition { return definition }
            schemas[name] = definition
            return ["$ref": .string("#/components/schemas/\(name)")]
        }
    }

    private mutating func object(_ properties: [Schema.Property]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for property in properties {
            guard case .object(var member) = json(property.schema) else { continue }
            if let text = property.text { member["description"] = .string(text) }
            members[property.name] = .object(member)
        }
        var definition: [String: JSONValue] = ["type": "object", "properties": .object(members)]
        let required = properties.filter(\.isRequired).map(\.name).sorted()
        if !required.isEmpty { definition["required"] = .array(required.map { .string($0) }) }
        return .object(definition)
    }

    private func nullable(_ inner: JSONValue) -> JSONValue {
        guard case .object(var members) = inner, let type = members["type"]?.string, members["enum"] == nil else {
            return ["anyOf": [inner, ["type": "null"]]]
        }
        members["type"] = [.string(type), "null"]
        return .object(members)
    }
}
