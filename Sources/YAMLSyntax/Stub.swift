enum YAMLSyntaxStub {}
