enum StatesStub {}
