import JSONModel

extension SchemaCheck {
    mutating func ofMembers(
        _ rule: SchemaRule, _ members: JSONObject, _ value: JSONValue, _ path: String, _ outcome: inout Outcome
    ) throws(SchemaLimit) {
        func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        switch rule {
        case .required(let names):
            outcome.problems += names.filter { members[$0] == nil }.map { "\(place($0)) is missing" }
        case .memberCount(let least, let most):
            outcome.problems += Self.count(members.count, least, most, "members", path)
        case .members(let named, let matching, let others):
            for (key, member) in members {
                var nodes = named[key].map { [$0] } ?? []
                for (pattern, node) in matching where try Self.isFound(pattern, in: key) { nodes.append(node) }
                if nodes.isEmpty, let others { nodes = [others] }
                for node in nodes { outcome.problems += try self.outcome(node, member, place(key)).problems }
                if !nodes.isEmpty { outcome.seen.members.insert(key) }
            }
        case .memberNames(let node):
            for (key, _) in members {
                let problems = try self.outcome(node, .string(key), "the name “\(key)” in \(Self.name(path))").problems
                outcome.problems += problems
            }
        case .dependentNames(let lists):
            for (key, names) in lists where members[key] != nil {
                outcome.problems += names.filter { members[$0] == nil }.map {
                    "\(place($0)) is missing, which \(place(key)) needs"
                }
            }
        case .dependentSchemas(let schemas):
            for (key, node) in schemas where members[key] != nil { outcome.add(try self.outcome(node, value, path)) }
        case .unevaluatedMembers(let node):
            guard !outcome.seen.allMembers else { return }
            for (key, member) in members where !outcome.seen.members.contains(key) {
                outcome.problems += try self.outcome(node, member, place(key)).problems
            }
            outcome.seen.allMembers = true
        default: break
        }
    }

    mutating func ofItems(
        _ rule: SchemaRule, _ items: [JSONValue], _ path: String, _ outcome: inout Outcome
    ) throws(SchemaLimit) {
        switch rule {
        case .itemCount(let least, let most):
            outcome.problems += Self.count(items.count, least, most, "items", path)
        case .uniqueItems:
            if Set(items.map { $0.bytes(.canonical) }).count < items.count {
                outcome.problems.append("\(Self.name(path)) must not have equal items")
            }
        case .items(let first, let rest):
            for (index, item) in items.enumerated() {
                guard let node = index < first.count ? first[index] : rest else { break }
                outcome.problems += try self.outcome(node, item, "\(path)[\(index)]").problems
            }
            outcome.seen.firstItems = max(outcome.seen.firstItems, rest == nil ? first.count : items.count)
        case .contains(let node, let least, let most, let marks):
            var found: Set<Int> = []
            for (index, item) in items.enumerated() where try self.outcome(node, item, "\(path)[\(index)]").fits {
                found.insert(index)
            }
            if found.count < least || found.count > most ?? .max {
                let bounds = most.map { "\(least) to \($0)" } ?? "at least \(least)"
                outcome.problems.append(
                    "\(Self.name(path)) must have \(bounds) items that fit the schema under contains, not \(found.count)"
                )
            }
            if marks { outcome.seen.items.formUnion(found) }
        case .unevaluatedItems(let node):
            let seen = outcome.seen
            for index in items.indices.dropFirst(seen.firstItems) where !seen.items.contains(index) {
                outcome.problems += try self.outcome(node, items[index], "\(path)[\(index)]").problems
            }
            outcome.seen.firstItems = items.count
        default: break
        }
    }

    private static func count(_ count: Int, _ least: Int?, _ most: Int?, _ what: String, _ path: String) -> [String] {
        var problems: [String] = []
        if let least, count < least { problems.append("\(name(path)) must have at least \(least) \(what)") }
        if let most, count > most { problems.append("\(name(path)) must have at most \(most) \(what)") }
        return problems
    }
}
