enum HarnessTestsStub {}
