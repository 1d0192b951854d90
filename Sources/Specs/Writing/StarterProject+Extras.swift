import JSONModel

/// What a project needs beside its specs.
extension StarterProject {
    /// One test for each row of a table.
    static let dataTest = """
        # yaml-language-server: $schema=../.schemas/tests.json
        assistant: greeter
        tests:
          - name: "greets {{name}}"
            prompt: "Hello, I am {{name}}."
            data: data/names.csv
            assert:
              - {type: icontains, value: "{{name}}"}

        """

    static let names = """
        name
        Kim
        Wei
        Noor

        """

    /// What belongs to one machine.
    static let ignored = """
        # Local server, history and journals of this machine; nothing that others need.
        .muster/
        # Saved plans and reports
        plan.json
        report.json
        report.html

        """

    /// For assistants that write code: what to read, what only reads, what changes a server.
    static let agents = """
        # Working in this project

        The YAML files here say which AI assistants should exist on a server. `muster` compares, applies and tests them.

        ## Read first

        - `muster.yaml`: the environments (servers), defaults and limits.
        - `*.yaml` beside it: one assistant each; `tools/*.yaml`: functions that they share by `use: NAME`.
        - `tests/*.yaml`: tests of the assistant of the same name, beside those in its own file; `data/`: rows for tests.
        - `.schemas/*.json`: JSON Schemas of all of these. `muster explain WORD` says what a key, an assertion, a command
          or a problem such as `unknown-key` means.

        ## These only read

        - `muster validate` checks every file, without a server. Run it after every edit.
        - `muster fmt --check`; `muster fmt` lays the files out anew.
        - `muster diff` says what edits mean, without a server.
        - `muster plan` says what an apply would do; it needs the key of the environment, and writes nothing there.
        - `muster test KEY` asks deployed assistants and deletes its threads again; it costs tokens on a real server.

        ## These change a server: ask a person first

        - `muster apply`, `muster destroy`, `muster rollback`, `muster import`, `muster release`, `muster pull --adopt`.
        - On the environment `local` (built in, no key, no model) they are free: `muster apply --env local --auto-approve`.

        ## Rules

        - Never write a key into a file: `{env: NAME, secret: true}` names a variable.
        - Never use --allow-delete or --overwrite-drift unless a person asks for it.
        - A changed prompt needs a test that fails without the change.

        """

    /// Where CI is run.
    package enum Pipeline: String, CaseIterable, Sendable {
        case github, gitlab

        /// Its file, below the top of the repository.
        ///
        /// - Parameter folder: the project's folder as seen from there; empty for the top itself.
        /// - Returns: path and text.
        package func file(folder: String) -> (path: String, text: String) {
            // As JSON writes it, which YAML reads: a folder may be called anything.
            let folder = JSONValue.string(folder.isEmpty ? "." : folder).text()
            return switch self {
            case .github: (".github/workflows/assistants.yml", Self.workflow(folder))
            case .gitlab: (".gitlab/assistants.yml", Self.include(folder))
            }
        }

        private static func workflow(_ folder: String) -> String {
            """
            # Reviews every pull request and checks for edits on the server every night.
            # Replace OWNER/muster@… by where you keep Muster and the commit you trust; its ci/github/ has the whole cycle
            # with apply and tests, and says which secrets it wants.
            name: assistants
            on:
              pull_request:
              schedule: [{cron: "17 3 * * *"}]
            permissions: {}
            jobs:
              plan:
                name: Plan
                if: >-
                  github.event_name == 'pull_request' &&
                  github.event.pull_request.head.repo.full_name == github.repository
                runs-on: ubuntu-24.04
                environment: assistants-review
                # Reads the two revisions that it compares, and writes the comment with the review; it may not push or deploy.
                # It holds the key, so the base says where that goes, and no program of the proposal is run.
                permissions:
                  contents: read # the checkout
                  pull-requests: write # the comment
                # A newer push makes an older plan worthless.
                concurrency: {group: "muster-plan-${{ github.event.pull_request.number }}", cancel-in-progress: true}
                steps:
                  - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
                    with: {persist-credentials: false, fetch-depth: 0}
                  - uses: OWNER/muster@0000000000000000000000000000000000000000
                    with: {command: plan, project: \(folder), environment: production}
                    env:
                      DAVINCI_API_KEY: ${{ secrets.DAVINCI_API_KEY }}
                      MUSTER_REVIEW_KEY: ${{ secrets.MUSTER_REVIEW_KEY }}
              drift:
                name: Drift
                if: github.event_name == 'schedule'
                runs-on: ubuntu-24.04
                environment: assistants-review
                # Reads the specs of the protected branch, and compares them with the server.
                # It writes nowhere: what it found is in the job's summary and its exit code.
                permissions:
                  contents: read # the checkout
                concurrency: {group: muster-drift, cancel-in-progress: true}
                steps:
                  - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
                    with: {persist-credentials: false}
                  - uses: OWNER/muster@0000000000000000000000000000000000000000
                    with: {command: drift, project: \(folder), environment: production}
                    env:
                      DAVINCI_API_KEY: ${{ secrets.DAVINCI_API_KEY }}

            """
        }

        private static func include(_ folder: String) -> String {
            """
            # Include this file from .gitlab-ci.yml (include: .gitlab/assistants.yml). Replace OWNER/muster and the commit by
            # where you keep Muster. The included file says what each of its jobs may do and why, and which variables it
            # wants: those of an environment reach the jobs of that environment only.
            include:
              - project: OWNER/muster
                ref: "0000000000000000000000000000000000000000"
                file: ci/gitlab/assistants.gitlab-ci.yml
            variables:
              MUSTER_PROJECT: \(folder)
              MUSTER_ENVIRONMENT: production

            """
        }
    }
}
