enum EmulatorTestsStub {}
