enum ReconcilingTestsStub {}
