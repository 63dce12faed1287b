/// The word somebody probably meant.
enum NearestWord {
    /// Fewest letters to add, drop or change; the first of equals.
    /// - Returns: nil when less than half of the letters are right in every one of them.
    static func of(_ word: String, among words: [String]) -> String? {
        // What is longer than this is no slip of the keys.
        guard word.utf8.count <= 60 else { return nil }
        let asked = folded(word)
        var best: (word: String, changes: Int)?
        for known in words {
            let letters = folded(known)
            let changes = changes(from: asked, to: letters)
            guard changes * 2 <= max(asked.count, letters.count) else { continue }
            if best.map({ changes < $0.changes }) ?? true { best = (known, changes) }
        }
        return best?.word
    }

    /// Small letters; blanks and underscores as hyphens.
    private static func folded(_ word: String) -> [UInt8] {
        word.lowercased().utf8.map { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
    }

    private static func changes(from: [UInt8], to: [UInt8]) -> Int {
        var row = Array(0...to.count)
        for (index, letter) in from.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for place in to.indices {
                let kept = diagonal + (letter == to[place] ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(kept, row[place] + 1, diagonal + 1)
            }
        }
        return row[to.count]
    }
}
