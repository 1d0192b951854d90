enum HarnessStub {}
