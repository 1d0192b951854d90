import States

/// What `muster init` writes: small, and it plans, applies and passes its tests on `local` as it is.
package enum StarterProject {
    /// Whether a text can be a project's name in marks.
    package static func isUsable(_ name: String) -> Bool {
        Names.isUsable(name)
    }

    /// The files, in the order in which people should read them.
    ///
    /// - Parameter project: its name.
    /// - Returns: paths below the project's folder, and texts.
    package static func files(project: String) -> [(path: String, text: String)] {
        [
            ("muster.yaml", projectFile(project)), ("greeter.yaml", greeter), ("tools/weather.yaml", weather),
            ("tests/greeter.yaml", dataTest), ("data/names.csv", names), (".gitignore", ignored), ("AGENTS.md", agents),
        ]
    }

    private static func projectFile(_ project: String) -> String {
        """
        # yaml-language-server: $schema=./.schemas/project.json
        project: "\(project)"
        default_environment: local

        environments:
          local:  # built in: an embedded server, nothing to install, no key
          production:
            base_url: https://prod.dvcbot.net/api/assts/v1
            api_key: {env: DAVINCI_API_KEY}
            protected: true  # takes only a plan that was reviewed

        defaults:  # merged under every spec
          model: aide-gpt-4-turbo
          metadata: {backend_id: default}

        """
    }

    private static let greeter = """
        # yaml-language-server: $schema=./.schemas/assistant.json
        assistant: greeter
        name: Greeter
        instructions: |
          You greet people by their name and tell them the weather when they ask for it.
        tools:
          - use: WEATHER
        temperature: 0.2

        tests:
          - name: greets by name
            prompt: Hello, I am Kim.
            assert:
              - {type: run-status, value: completed}
              - {type: icontains, value: kim}

          - name: asks for the weather
            prompt: What is the weather in Taipei?
            tools:
              WEATHER: {mode: mock, output: sunny and 31 degrees}
            assert:
              - {type: tool-called, value: WEATHER}
              - {type: icontains, value: sunny}

        """

    private static let weather = """
        # yaml-language-server: $schema=../.schemas/tools.json
        type: function
        function:
          name: WEATHER
          description: The weather in a city now
          parameters:
            type: object
            properties:
              city: {type: string, description: The name of the city}
            required: [city]

        """
}
