enum SpecsStub {}
