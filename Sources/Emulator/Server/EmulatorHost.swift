import EmulatorCore

/// What the routes share: the storage, the runs, and how this server was configured.
struct EmulatorHost: Sendable {
    let configuration: EmulatorConfiguration
    let store: ObjectStore
    let streams: RunStreams
    let executor: RunExecutor
    let ids: ObjectIDs
    let submits = SubmitReads()

    /// Opens the storage and takes up what was running in it.
    ///
    /// - Throws: ``EmulatorStartError``.
    init(_ configuration: EmulatorConfiguration) throws {
        self.configuration = configuration
        store = try ObjectStore(configuration.store)
        streams = RunStreams()
        ids = ObjectIDs(flavor: configuration.flavor, form: configuration.faults.idForm)
        let model: any LanguageModel =
            if let upstream = configuration.upstream {
                UpstreamModel(upstream: upstream)
            } else {
                DeterministicModel(rules: configuration.rules)
            }
        executor = RunExecutor(store: store, streams: streams, model: model, ids: ids)
    }
}
