enum JSONModelTestsStub {}
