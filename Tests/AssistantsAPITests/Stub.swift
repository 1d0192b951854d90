enum AssistantsAPITestsStub {}
