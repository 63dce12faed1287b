/// Takes known members from a patch and names the ones that are unknown or of a wrong kind.
struct SettingsReader {
    private let patch: JSONNode
    private let path: String
    private var bad: [String] = []
    private var known: Set<String> = []

    init(_ patch: JSONNode, path: String) {
        self.patch = patch
        self.path = path
    }

    private mutating func read<Value>(_ name: String, _ value: inout Value, _ convert: (JSONNode) -> Value?) {
        known.insert(name)
        guard let node = patch[name] else { return }
        if let converted = convert(node) { value = converted } else { bad.append("\(path).\(name)") }
    }

    mutating func bool(_ name: String, _ value: inout Bool) { read(name, &value) { $0.bool } }

    /// Not negative.
    mutating func seconds(_ name: String, _ value: inout Double) {
        read(name, &value) { node in node.double.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil } }
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>, _ value: inout Int) {
        read(name, &value) { node in node.integer.map { Int(clamping: $0) }.flatMap { range.contains($0) ? $0 : nil } }
    }

    /// Null clears.
    mutating func text(_ name: String, _ value: inout String?) {
        read(name, &value) { node in node.isNull ? .some(nil) : node.string.map { .some($0) } }
    }

    mutating func choice<Choice: RawRepresentable>(_ name: String, _ value: inout Choice)
    where Choice.RawValue == String {
        read(name, &value) { node in node.string.flatMap(Choice.init(rawValue:)) }
    }

    mutating func strings(_ name: String, _ value: inout [String]) {
        read(name, &value) { node in
            node.array.flatMap { elements in
                let strings = elements.compactMap(\.string)
                return strings.count == elements.count ? strings : nil
            }
        }
    }

    /// The paths of everything that could not be taken.
    func finish() -> [String] {
        guard let members = patch.members else { return [path] }
        return bad + members.map(\.name).filter { !known.contains($0) }.map { "\(path).\($0)" }
    }
}
