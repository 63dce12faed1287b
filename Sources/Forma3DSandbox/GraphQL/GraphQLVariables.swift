/// The variables of one request, checked against their declared types and with defaults filled in.
struct GraphQLVariables: Sendable {
    private(set) var values: [String: JSONNode] = [:]

    /// - Returns: the values, or every complaint as an error of code `INVALID_VARIABLE`.
    static func coerce(
        _ given: JSONNode, for operation: GraphQLOperation, schema: GraphQLSchema
    ) -> (variables: GraphQLVariables, errors: [JSONNode]) {
        var variables = GraphQLVariables()
        var errors: [JSONNode] = []
        for variable in operation.variables {
            let value = given[variable.name]
            if value == nil, let fallback = variable.defaultValue {
                variables.values[variable.name] = fallback.node(with: GraphQLVariables())
                continue
            }
            if value == nil, !variable.type.isNonNull { continue }
            let problems = problems(of: value ?? .null, variable.type, schema: schema, path: [])
            if problems.isEmpty {
                variables.values[variable.name] = value ?? .null
            } else {
                errors.append(error(for: variable, value: value ?? .null, problems))
            }
        }
        return (variables, errors)
    }

    private typealias Problem = (path: [String], explanation: String)

    private static func error(for variable: GraphQLVariable, value: JSONNode, _ problems: [Problem]) -> JSONNode {
        var message = "Variable $\(variable.name) of type \(variable.type) was provided invalid value"
        let inside = problems.filter { !$0.path.isEmpty }.map { problem in
            "\(problem.path.joined(separator: ".")) (\(problem.explanation))"
        }
        if !inside.isEmpty { message += " for \(inside.joined(separator: ", "))" }
        return [
            "message": .string(message), "locations": [variable.location.node],
            "extensions": [
                "code": "INVALID_VARIABLE", "value": value,
                "problems": .array(
                    problems.map { problem in
                        [
                            "path": .array(
                                problem.path.map { part in
                                    Int64(wireDigits: part).map { .integer($0) } ?? .string(part)
                                }), "explanation": .string(problem.explanation),
                        ]
                    }),
            ],
        ]
    }

    private static func problems(
        of value: JSONNode, _ type: GraphQLTypeReference, schema: GraphQLSchema, path: [String]
    ) -> [Problem] {
        switch type {
        case .nonNull(let inner):
            value.isNull
                ? [(path, "Expected value to not be null")]
                : problems(of: value, inner, schema: schema, path: path)
        case .list(let inner):
            if value.isNull {
                []
            } else if let elements = value.array {
                elements.enumerated().flatMap { index, element in
                    problems(of: element, inner, schema: schema, path: path + [String(index)])
                }
            } else {
                problems(of: value, inner, schema: schema, path: path)
            }
        case .named(let name):
            value.isNull ? [] : problems(of: value, named: name, schema: schema, path: path)
        }
    }

    private static func problems(
        of value: JSONNode, named name: String, schema: GraphQLSchema, path: [String]
    ) -> [Problem] {
        let text = String(decoding: value.bytes(), as: UTF8.self)
        switch schema.types[name] {
        case .input(let inputs):
            guard let members = value.members else { return [(path, "Expected \(text) to be a key-value object.")] }
            let unknown: [Problem] = members.filter { member in !inputs.contains { $0.name == member.name } }
                .map { (path + [$0.name], "Field is not defined on \(name)") }
            return unknown
                + inputs.flatMap { input -> [Problem] in
                    if let member = value[input.name] {
                        return problems(of: member, input.type, schema: schema, path: path + [input.name])
                    }
                    return input.isRequired ? [(path + [input.name], "Expected value to not be null")] : []
                }
        case .enumeration(let values):
            if let word = value.string, values.contains(word) { return [] }
            return [(path, "Expected \(text) to be one of: \(values.joined(separator: ", "))")]
        case .scalar: return fits(value, scalar: name) ? [] : [(path, "Could not coerce value \(text) to \(name)")]
        default: return [(path, "\(name) isn't a valid input type")]
        }
    }

    private static func fits(_ value: JSONNode, scalar: String) -> Bool {
        switch (scalar, value) {
        case ("Int", .number): value.integer != nil
        case ("Boolean", .bool), ("Float", .number): true
        case ("Int", _), ("Boolean", _), ("Float", _): false
        case ("ID", .number): value.integer != nil
        case ("Decimal", .number), (_, .string): true
        default: false
        }
    }
}

extension GraphQLLiteral {
    /// The value with its variables put in; a variable that was not given is null.
    func node(with variables: GraphQLVariables) -> JSONNode {
        switch self {
        case .variable(let name, _): variables.values[name] ?? .null
        case .number(let text): .number(text)
        case .string(let text), .enumeration(let text): .string(text)
        case .bool(let value): .bool(value)
        case .null: .null
        case .list(let values): .array(values.map { $0.node(with: variables) })
        case .object(let members):
            .object(members.map { .init(name: $0.name, value: $0.value.node(with: variables)) })
        }
    }
}
