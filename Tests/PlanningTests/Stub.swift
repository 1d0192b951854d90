enum PlanningTestsStub {}
