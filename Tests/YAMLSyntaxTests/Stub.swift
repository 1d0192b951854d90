enum YAMLSyntaxTestsStub {}
