import Diagnostics
import JSONModel
import YAMLSyntax

/// Reads `response_format`. docs/protocol.md#assistants.
struct ResponseFormatDecoder {
    let context: LoadingContext

    func format(_ node: YAMLNode) -> JSONValue? {
        guard node.pairs != nil else {
            return context.word(node, "response_format", of: ["auto"]).map(JSONValue.string)
        }
        let keys = ["type", "json_schema"]
        guard let reader = ObjectReader(node, "response_format", keys: keys, in: context),
            let typeNode = reader.required("type"),
            let type = context.word(typeNode, "type", of: ["text", "json_object", "json_schema"])
        else { return nil }
        if type == "json_schema" {
            guard let schema = reader.required("json_schema") else { return nil }
            check(schema)
        } else if reader["json_schema"] != nil {
            context.emit(
                .unknownKey, "\"json_schema\" goes with type: json_schema only", at: reader.range(of: "json_schema"))
        }
        return context.json(node, "response_format")
    }

    private func check(_ node: YAMLNode) {
        let keys = ["name", "description", "schema", "strict"]
        guard let reader = ObjectReader(node, "json_schema", keys: keys, in: context) else { return }
        if let name = reader.required("name").flatMap({ context.string($0, "name") }), name.value.utf8.count > 64 {
            context.emit(.tooLong, "\"name\" has more than 64 characters", at: name.located.range)
        }
        if let schema = reader["schema"], let document = context.json(schema, "schema") {
            JSONSchemaRule(context: context).check(schema, document)
        }
        _ = reader.bool("strict")
    }
}
