enum SpecsTestsStub {}
