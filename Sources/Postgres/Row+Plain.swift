/// The types that most columns have, each by a function of its own: a generic one of another module asks for its types at
/// run time, which was a tenth of the queue's own time.
extension Row {
    package func callAsFunction(_ name: String, as type: Int64.Type = Int64.self) throws -> Int64 { try value(name) }
    package func callAsFunction(_ name: String, as type: Int.Type = Int.self) throws -> Int { try value(name) }
    package func callAsFunction(_ name: String, as type: Double.Type = Double.self) throws -> Double { try value(name) }
    package func callAsFunction(_ name: String, as type: Bool.Type = Bool.self) throws -> Bool { try value(name) }
    package func callAsFunction(_ name: String, as type: String.Type = String.self) throws -> String { try value(name) }

    package func optional(_ name: String, as type: Double.Type = Double.self) throws -> Double? {
        try optionalValue(name)
    }
    package func optional(_ name: String, as type: String.Type = String.self) throws -> String? {
        try optionalValue(name)
    }
}
