/// What a request asks of the state of a resource before it is served (RFC 9110 §13).
package enum Preconditions {
    /// What is known of the current representation.
    package struct Validators: Hashable, Sendable {
        package var entityTag: EntityTag?
        package var lastModifiedUnixSeconds: Int64?
        /// False where the representation may have changed twice within that second (§8.8.2.2).
        package var isLastModifiedStrong = true

        package init(entityTag: EntityTag? = nil, lastModifiedUnixSeconds: Int64? = nil) {
            self.entityTag = entityTag
            self.lastModifiedUnixSeconds = lastModifiedUnixSeconds
        }
    }

    package enum Outcome: Hashable, Sendable {
        /// Serve it; `Range` counts only when asked for, and then not against an `If-Range` that did not match.
        case proceed(rangeCounts: Bool)
        /// 304.
        case notModified
        /// 412.
        case failed
    }

    /// Whether there is anything to evaluate: the cheap question before `evaluate`.
    package static func arePresent(in fields: HTTPFields) -> Bool {
        fields.fields.contains { field in
            field.name.utf8.first == UInt8(ascii: "i") && field.name.hasPrefix("if-")
                || field.name == "range"
        }
    }

    /// The order is that of §13.2.2.
    /// - Parameters:
    ///   - validators: nil when there is no current representation (a PUT that would create one).
    ///   - currentYear: for dates of RFC 850's form.
    package static func evaluate(
        method: HTTPMethod, fields: HTTPFields, validators: Validators?, currentYear: Int
    ) -> Outcome {
        let isRead = method == .get || method == .head
        func date(_ name: String) -> Int64? {
            let lines = fields.values(name)
            // Two dates are no date (§13.1.3, §13.1.4).
            return lines.count == 1 ? HTTPDate.parse(lines[0], currentYear: currentYear) : nil
        }
        // 1 and 2.
        if fields["if-match"] != nil {
            guard matches(fields.values("if-match"), validators, { $0.matchesStrongly($1) }) else { return .failed }
        } else if fields["if-unmodified-since"] != nil, let limit = date("if-unmodified-since"),
            let modified = validators?.lastModifiedUnixSeconds, modified > limit
        {
            return .failed
        }
        // 3 and 4.
        if fields["if-none-match"] != nil {
            if matches(fields.values("if-none-match"), validators, { $0.matchesWeakly($1) }) {
                return isRead ? .notModified : .failed
            }
        } else if isRead, fields["if-modified-since"] != nil, let limit = date("if-modified-since"),
            let modified = validators?.lastModifiedUnixSeconds, modified <= limit
        {
            return .notModified
        }
        // 5 and 6. A range is asked of GET alone (§14.2).
        guard method == .get, fields["range"] != nil else { return .proceed(rangeCounts: false) }
        let conditions = fields.values("if-range")
        guard !conditions.isEmpty else { return .proceed(rangeCounts: true) }
        guard conditions.count == 1, let validators else { return .proceed(rangeCounts: false) }
        return .proceed(rangeCounts: isCurrent(conditions[0], validators, currentYear))
    }

    private static func matches(
        _ lines: [String], _ validators: Validators?, _ compare: (EntityTag, EntityTag) -> Bool
    ) -> Bool {
        switch EntityTag.List(lines) {
        case .any: return validators != nil
        case .tags(let tags):
            guard let current = validators?.entityTag else { return false }
            return tags.contains { compare($0, current) }
        }
    }

    /// §13.1.5: a tag by strong comparison, a date only exactly and only when it is a strong validator.
    private static func isCurrent(_ condition: String, _ validators: Validators, _ currentYear: Int) -> Bool {
        if let tag = EntityTag(parsing: condition) {
            return validators.entityTag.map(tag.matchesStrongly) ?? false
        }
        guard validators.isLastModifiedStrong, let modified = validators.lastModifiedUnixSeconds else { return false }
        return HTTPDate.parse(condition, currentYear: currentYear) == modified
    }
}
