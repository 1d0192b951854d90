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

    /// Brings the storage in order and goes on with what was running in it, unless another server does so already.
    func takeUp() async throws {
        guard store.isFirst else { return }
        for damaged in try await store.setDamagedAside() {
            configuration.writeNotice("warning: \(damaged.description) It was set aside.")
        }
        try await store.write { try $0.deleteOrphanedPieces() }
        for damaged in try await executor.resume() {
            configuration.writeNotice("warning: \(damaged.description) It stays as it is.")
        }
        store.share()
    }
}
