extension Schema {
    /// What an operator has to look at (`Attention`).
    package static let attention = object(
        name: "Attention",
        [
            .init("code", .string), .init("reason", .string), .init("since", .format("date-time")),
            .init("action", .string, "what to do"),
        ])
}
