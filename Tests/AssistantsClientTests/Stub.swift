enum AssistantsClientTestsStub {}
