enum ReconcilingStub {}
