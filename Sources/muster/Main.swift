import Commands

@main
struct Main {
    static func main() async {
        await MusterCommand.launch(Array(CommandLine.arguments.dropFirst()))
    }
}
