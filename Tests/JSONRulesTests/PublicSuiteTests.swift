import JSONModel
import JSONRules
import TestSupport
import Testing

/// The suites that the makers of JSON Schema and JSONPath publish: whatever is required there and needs no network.
@Suite struct PublicSuiteTests {
    @Test(
        "Every required case of a draft is judged as its suite says",
        .enabled(if: PublicSuites.has("json-schema"), Comment(rawValue: PublicSuites.note)),
        arguments: ["draft2020-12", "draft7"])
    func required(draft: String) throws {
        var count = SuiteCount()
        for file in try PublicSuites.files("json-schema/\(draft)") {
            try judge(file, draft, checksFormats: false, &count)
        }
        #expect(count.wrong.isEmpty, "\(count.wrong.joined(separator: "\n"))")
        #expect(count.right > 800)
        #expect(count.leftOut == (draft == "draft7" ? 23 : 49), "what needs a network")
    }

    @Test(
        "Every format that is checked is checked as its suite says",
        .enabled(if: PublicSuites.has("json-schema"), Comment(rawValue: PublicSuites.note)),
        arguments: ["draft2020-12", "draft7"])
    func formats(draft: String) throws {
        var count = SuiteCount()
        let checked = JSONSchema.checkedFormats.map { "json-schema/\(draft)/optional/format/\($0).json" }
        for file in checked where PublicSuites.has(file) { try judge(file, draft, checksFormats: true, &count) }
        #expect(count.wrong.isEmpty, "\(count.wrong.joined(separator: "\n"))")
        #expect(count.right > 300)
    }

    @Test(
        "Patterns mean what they mean in JavaScript",
        .enabled(if: PublicSuites.has("json-schema"), Comment(rawValue: PublicSuites.note)),
        arguments: ["draft2020-12", "draft7"])
    func patterns(draft: String) throws {
        var count = SuiteCount()
        for name in ["ecmascript-regex", "non-bmp-regex", "format/ecmascript-regex"] {
            try judge("json-schema/\(draft)/optional/\(name).json", draft, checksFormats: true, &count)
        }
        #expect(count.wrong.isEmpty, "\(count.wrong.joined(separator: "\n"))")
        #expect(count.right > 70)
    }

    @Test(
        "Every path of the compliance suite leads where it says",
        .enabled(if: PublicSuites.has("jsonpath"), Comment(rawValue: PublicSuites.note)))
    func paths() throws {
        let suite = try JSONValue(parsing: PublicSuites.bytes("jsonpath/cts.json"))
        let tests = try #require(suite["tests"]?.array)
        let wrong = tests.compactMap { test in
            problem(with: test).map { "\(test["name"]?.string ?? "") \(test["selector"]?.string ?? ""): \($0)" }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        #expect(tests.count > 700)
    }

    private struct SuiteCount {
        var right = 0
        var leftOut = 0
        var wrong: [String] = []
    }

    private func judge(_ file: String, _ draft: String, checksFormats: Bool, _ count: inout SuiteCount) throws {
        let groups = try #require(try JSONValue(parsing: PublicSuites.bytes(file)).array)
        // Labels of `xn--` are taken as they are, and lookbehinds of any width are the one thing that PCRE2 lacks.
        let known = ["A-label (punycode)", "lookbehind is valid, including variable width"]
        for group in groups where !known.contains(where: { group["description"]?.string?.contains($0) == true }) {
            let tests = group["tests"]?.array ?? []
            var document = try #require(group["schema"])
            // Schemas of draft 7 do not say so in its suite.
            if draft == "draft7", case .object(var members) = document {
                if members["$schema"] == nil { members["$schema"] = "http://json-schema.org/draft-07/schema#" }
                document = .object(members)
            }
            let name = "\(file): \(group["description"]?.string ?? "")"
            let schema: JSONSchema
            do {
                schema = try JSONSchema(document, checksFormats: checksFormats)
            } catch {
                if "\(error)".contains("localhost:1234") || document.text().contains("localhost:1234") {
                    count.leftOut += tests.count
                } else {
                    count.wrong.append("\(name): \(error)")
                }
                continue
            }
            for test in tests {
                let verdict = schema.verdict(on: test["data"] ?? .null)
                if (verdict == .fits) == test["valid"]?.bool {
                    count.right += 1
                } else {
                    count.wrong.append("\(name), \(test["description"]?.string ?? ""): \(verdict)")
                }
            }
        }
    }

    private func problem(with test: JSONValue) -> String? {
        let path: JSONPath
        do {
            path = try JSONPath(test["selector"]?.string ?? "")
        } catch {
            return test["invalid_selector"]?.bool == true ? nil : "\(error)"
        }
        guard test["invalid_selector"]?.bool != true else { return "was read, though it is no path" }
        do {
            let matches = try path.matches(in: test["document"] ?? .null)
            let values = test["results"]?.array ?? [test["result"] ?? .null]
            let paths = test["results_paths"]?.array ?? [test["result_paths"] ?? .null]
            let fits = zip(values, paths).contains { value, path in
                value == .array(matches.map(\.value)) && path == .array(matches.map { .string($0.path) })
            }
            return fits ? nil : "led to \(matches.map(\.path))"
        } catch {
            return "\(error)"
        }
    }
}
