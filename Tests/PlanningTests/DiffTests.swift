import JSONModel
import Planning
import Testing

struct SequenceDiffTests {
    /// Small deterministic random numbers (xorshift), so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private func before(_ edits: [Edit<Int>]) -> [Int] {
        edits.compactMap { edit in
            switch edit {
            case .keep(let element), .remove(let element): element
            case .insert: nil
            }
        }
    }

    private func after(_ edits: [Edit<Int>]) -> [Int] {
        edits.compactMap { edit in
            switch edit {
            case .keep(let element), .insert(let element): element
            case .remove: nil
            }
        }
    }

    /// The length of the longest common subsequence by the textbook's table.
    private func commonLength(_ a: [Int], _ b: [Int]) -> Int {
        var row = Array(repeating: 0, count: b.count + 1)
        for x in a {
            var diagonal = 0
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = x == y ? diagonal + 1 : max(above, row[j])
                diagonal = above
            }
        }
        return row[b.count]
    }

    @Test(arguments: 1...40)
    func editsAreAShortestWay(_ seed: UInt64) {
        var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15)
        for _ in 0..<50 {
            let a = (0..<Int.random(in: 0...14, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let b = (0..<Int.random(in: 0...14, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let edits = SequenceDiff.edits(from: a, to: b)
            #expect(before(edits) == a)
            #expect(after(edits) == b)
            #expect(edits.count { if case .keep = $0 { true } else { false } } == commonLength(a, b))
        }
    }

    @Test func whollyDifferentTextsEndSoon() {
        let edits = SequenceDiff.edits(from: Array(0..<20_000), to: Array(20_000..<40_000))
        #expect(edits.count == 40_000)
    }

    @Test func aSearchWithoutHopeIsGivenUp() {
        // A reversal shares everything and almost no order: the shortest way would take n² steps.
        let edits = SequenceDiff.edits(from: Array(0..<5_000), to: (0..<5_000).reversed())
        #expect(before(edits) == Array(0..<5_000))
        #expect(after(edits) == (0..<5_000).reversed())
    }
}

struct TextDiffTests {
    @Test func aChangedLineShowsThreeLinesAround() {
        let old = (1...20).map { "line \($0)" }.joined(separator: "\n")
        let diff = TextDiff(from: old, to: old.replacing("line 10", with: "line ten"))
        #expect(diff.rows.count == 10)
        #expect(diff.rows.first == .hidden(6))
        #expect(diff.rows.last == .hidden(7))
    }

    @Test func wordsThatChangedAreMarked() {
        let diff = TextDiff(from: "Be polite.", to: "Be polite and brief.")
        guard case .added(let segments)? = diff.rows.last else {
            Issue.record("expected an added row")
            return
        }
        #expect(segments.filter(\.isChanged).map(\.text) == [" and brief"])
    }

    @Test func chineseIsComparedByCharacter() {
        let diff = TextDiff(from: "請用中文回答", to: "請用英文回答")
        guard case .removed(let segments)? = diff.rows.first else {
            Issue.record("expected a removed row")
            return
        }
        #expect(segments.filter(\.isChanged).map(\.text) == ["中"])
    }

    @Test func aFinalLineBreakIsToldAsSuch() {
        #expect(TextDiff(from: "a\n", to: "a").differsInFinalBreakOnly)
        #expect(!TextDiff(from: "a\n", to: "b").differsInFinalBreakOnly)
    }

    /// `Character` takes `\r\n` for one, so such texts once were a single line.
    @Test func linesThatEndWithCarriageReturnsAreLines() {
        let diff = TextDiff(from: "a\r\nb\r\nc\r\n", to: "a\r\nB\r\nc\r\n")
        #expect(diff.rows.count == 4)
        #expect(diff.rows.first == .context("a\r"))
        let converted = TextDiff(from: "a\n", to: "a\r\n")
        #expect(converted.rows.count == 2)
        #expect(!converted.differsInFinalBreakOnly)
    }

    @Test func anAddedLineDoesNotHideAnEditedOne() {
        let diff = TextDiff(from: "Answer in two sentences.", to: "Answer in three sentences.\nThen stop.\n")
        let words = diff.rows.flatMap { row -> [String] in
            switch row {
            case .added(let segments), .removed(let segments): segments.filter(\.isChanged).map(\.text)
            case .context, .hidden: []
            }
        }
        #expect(words == ["two", "three"])
        #expect(diff.differsInFinalBreak)
    }

    @Test func wordsInARowAreOneChange() {
        let diff = TextDiff(from: "be polite and brief now", to: "be very kind now")
        guard case .removed(let segments)? = diff.rows.first else {
            Issue.record("nothing was removed")
            return
        }
        #expect(segments.map(\.text) == ["be ", "polite and brief ", "now"])
    }

    @Test func equalTextsAreHiddenWhole() {
        #expect(TextDiff(from: "a\nb", to: "a\nb").rows == [.hidden(2)])
    }
}

struct ValueDiffTests {
    @Test func placesAreNamedByPath() {
        let old: JSONValue = ["a": ["b": 1, "c": 2], "list": ["x", "y"]]
        let new: JSONValue = ["a": ["b": 1, "c": 3, "d": 4], "list": ["x", "z", "y"]]
        let changes = ValueDiff.changes(from: old, to: new)
        #expect(changes.map { $0.path.joined(separator: ".") } == ["a.c", "a.d", "list.[1]"])
    }

    @Test func toolsAreMatchedByName() {
        let tool = { (name: String, type: String) -> JSONValue in
            [
                "type": "function",
                "function": [
                    "name": .string(name),
                    "parameters": ["type": "object", "properties": ["q": ["type": .string(type)]]],
                ],
            ]
        }
        let changes = ValueDiff.toolChanges(
            from: [tool("A", "string"), tool("B", "string")], to: [tool("C", "string"), tool("A", "integer")])
        #expect(changes.count == 3)
        #expect(changes.first { $0.path.first == "A" }?.path == ["A", "parameters", "properties", "q", "type"])
        #expect(changes.first { $0.path == ["B"] }?.after == nil)
        #expect(changes.first { $0.path == ["C"] }?.before == nil)
    }
}
