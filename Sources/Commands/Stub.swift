enum CommandsStub {}
