import Hummingbird
import GRDB
enum EmulatorStub {}
